"""The Lambda function of every compiled machine: this folder ships whole and stands alone."""
