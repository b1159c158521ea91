"""The arithmetic of a validation: agreement, precision, detection and calibration."""
