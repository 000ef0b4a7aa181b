import { obstacleText, trainingObstacle } from '../commands/training-obstacle.ts';

type Facts = Parameters<typeof trainingObstacle>[0];

/** Why training, or trying settings, cannot start now, with what to do; null when it can. */
export function whyNotTrain(facts: Facts): string | null {
  const obstacle = trainingObstacle(facts);
  return obstacle === null ? null : obstacleText(obstacle);
}

/** Why no cross-validation can start now; null when one can. It deals all images into folds, whatever their part. */
export function whyNotCrossValidate(facts: Facts): string | null {
  const obstacle = trainingObstacle(facts, 'all-images');
  return obstacle === null ? null : obstacleText(obstacle);
}
