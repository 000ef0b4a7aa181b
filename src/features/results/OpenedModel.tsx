import { EmptyState } from '../../ui/EmptyState.tsx';

/** In place of scores, for a finished classifier that was opened: nothing is known of how good it is. */
export function OpenedModel() {
  return (
    <EmptyState title="Not tested on images of yours">
      This model was opened from Teachable Machine, whose files hold neither its images nor its scores. Add images to
      its classes and press Train: the new model is scored on images it has not seen.
    </EmptyState>
  );
}
