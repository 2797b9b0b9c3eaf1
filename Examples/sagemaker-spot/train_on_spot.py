"""Trains the recommender on managed Spot instances of SageMaker.

Nothing here knows of Nightshift: the same file runs on AWS, and on the stage of `nightshift serve --sagemaker`.
"""

from sagemaker.inputs import TrainingInput
from sagemaker.pytorch import PyTorch

estimator = PyTorch(
    entry_point="train.py",
    source_dir="source",
    role="arn:aws:iam::123456789012:role/SageMakerTraining",
    framework_version="2.3",
    py_version="py311",
    instance_type="ml.p4d.24xlarge",
    instance_count=1,
    use_spot_instances=True,
    max_run=4 * 3600,
    max_wait=8 * 3600,
    checkpoint_s3_uri="s3://training-checkpoints/recommender/",
    hyperparameters={"epochs": 20, "batch-size": 256, "lr": 0.05},
)

estimator.fit(
    {
        "train": TrainingInput("s3://training-data/recommender/train"),
        "val": TrainingInput("s3://training-data/recommender/val"),
    }
)
print("model:", estimator.model_data)
