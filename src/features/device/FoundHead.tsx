import type { FoundHead as Head } from '../../domain/found-network.ts';
import { Notice } from '../../ui/Notice.tsx';
import { countOf } from '../../ui/number-text.ts';
import { Switch } from '../../ui/Switch.tsx';

interface FoundHeadProps {
  readonly head: Head;
  /** Only a project without classes can take the classifier's. */
  readonly isEmpty: boolean;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled: boolean;
}

/** Class names are listed up to here. */
const SHOWN_LABELS = 8;

function labelsText(labels: readonly string[]): string {
  const shown = labels.slice(0, SHOWN_LABELS).join(', ');
  return labels.length > SHOWN_LABELS ? `${shown} and ${labels.length - SHOWN_LABELS} more` : shown;
}

/** The finished classifier found on top of a network, offered as a start where the project can take it. */
export function FoundHead({ head, isEmpty, isOn, onChange, isDisabled }: FoundHeadProps) {
  const classes = countOf(head.labels.length, 'class', 'classes');
  if (head.weights === null) {
    return (
      <Notice tone="info" title={`Its classifier of ${classes} stays behind`}>
        {head.reason} The network below it can be used; train a new head on it.
      </Notice>
    );
  }
  if (!isEmpty) {
    return (
      <Notice tone="info" title={`Its classifier of ${classes} is left out`}>
        This project has classes of its own. To open the classifier too, make a new project and bring the files there.
      </Notice>
    );
  }
  return (
    <Switch
      label={`Open its classifier of ${classes} too`}
      isOn={isOn}
      onChange={onChange}
      isDisabled={isDisabled}
      note={`Makes the classes ${labelsText(head.labels)}, and a run that can classify at once in Try it.`}
    />
  );
}
