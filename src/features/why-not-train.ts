import { obstacleText, trainingObstacle, tuningObstacle } from '../commands/training-obstacle.ts';

type TrainingFacts = Parameters<typeof trainingObstacle>[0];
type TuningFacts = Parameters<typeof tuningObstacle>[0];

/** Why training cannot start now, with what to do; null when it can. */
export function whyNotTrain(facts: TrainingFacts): string | null {
  const obstacle = trainingObstacle(facts);
  return obstacle === null ? null : obstacleText(obstacle);
}

/** Why settings cannot be tried now; null when they can. */
export function whyNotTune(facts: TuningFacts): string | null {
  const obstacle = tuningObstacle(facts);
  return obstacle === null ? null : obstacleText(obstacle);
}

/** Why no cross-validation can start now; null when one can. It deals all images into folds, whatever their part. */
export function whyNotCrossValidate(facts: TuningFacts): string | null {
  const obstacle = tuningObstacle(facts, 'all-images');
  return obstacle === null ? null : obstacleText(obstacle);
}
