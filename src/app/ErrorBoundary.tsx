import { Component, type ErrorInfo, type ReactNode } from 'react';
import { useCommands } from '../features/use-app.tsx';
import { Button } from '../ui/Button.tsx';
import styles from './ErrorBoundary.module.css';

interface State {
  readonly error: Error | null;
}

/** Catches bugs of the page: says so, offers to save the project, and to load the page again. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <Crashed error={this.state.error} />;
  }
}

function Crashed({ error }: { readonly error: Error }) {
  const commands = useCommands();
  return (
    <main className={styles.crashed}>
      <h1 className={styles.title}>Something in the page broke</h1>
      <p>
        Your project is kept in this browser; loading the page again brings it back. To be on the safe side, save it to
        a file first.
      </p>
      <div className={styles.buttons}>
        <Button variant="primary" onPress={() => location.reload()}>
          Load the page again
        </Button>
        <Button onPress={() => void commands.saveProjectFile()}>Save project to a file</Button>
      </div>
      <details>
        <summary>What the page reported</summary>
        <pre className={styles.report}>{error.stack ?? error.message}</pre>
      </details>
    </main>
  );
}
