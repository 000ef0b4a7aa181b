"""What scikit-learn's LogisticRegressionCV gets right on the same photos as the heads of `npm run bench recipe`.

Reads jobs from standard input, one JSON object a line:
  {"file": float32 [learnt + tested, featureLength], "featureLength": n, "learntClasses": [...], "testedClasses": [...]}
and answers each with one line {"right": "1" or "0" for every photo tested on, "loss": mean cross-entropy, "penalty": C}.

All photos to learn from are learnt from, those for validation too: the cross-validation within takes their place. Features are
centred and divided by one scale. C is chosen on a log grid by the cross-entropy of at most five stratified folds.
"""

import json
import sys
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegressionCV
from sklearn.metrics import log_loss

warnings.filterwarnings("ignore")

GRID = np.logspace(-4, 2, 7)
FOLDS = 5


def on_one_scale(learnt: np.ndarray, tested: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres, divides by one scale, and turns rows into the span of those learnt from.

    The turn changes no answer: the penalty is the same in every direction and the best weights lie in that span. With few photos
    it leaves few features.
    """
    mean = learnt.mean(axis=0)
    scale = np.sqrt(((learnt - mean) ** 2).mean())
    learnt, tested = (learnt - mean) / scale, (tested - mean) / scale
    if len(learnt) >= learnt.shape[1]:
        return learnt, tested
    _, _, directions = np.linalg.svd(learnt, full_matrices=False)
    return learnt @ directions.T, tested @ directions.T


def judge(job: dict) -> dict:
    rows = np.fromfile(job["file"], dtype="<f4").astype(np.float64).reshape(-1, job["featureLength"])
    learnt_classes, tested_classes = np.array(job["learntClasses"]), np.array(job["testedClasses"])
    learnt, tested = on_one_scale(rows[: len(learnt_classes)], rows[len(learnt_classes) :])
    folds = min(FOLDS, int(np.bincount(learnt_classes).min()))
    model = LogisticRegressionCV(Cs=GRID, cv=folds, scoring="neg_log_loss", max_iter=1000)
    model.fit(learnt, learnt_classes)
    probabilities = model.predict_proba(tested)
    found_classes = model.classes_[probabilities.argmax(axis=1)]
    return {
        "right": "".join("1" if found == own else "0" for found, own in zip(found_classes, tested_classes)),
        "loss": float(log_loss(tested_classes, probabilities, labels=model.classes_)),
        "penalty": float(np.ravel(model.C_)[0]),
    }


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(judge(json.loads(line))), flush=True)
