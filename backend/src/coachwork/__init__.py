"""Five AI services on one serverless chassis: one image, one Terraform stack."""
