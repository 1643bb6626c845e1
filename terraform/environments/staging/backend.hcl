# The bucket bootstrap/ made: its output state_bucket_name.
bucket = "coachwork-state-123456789012-eu-central-1"
key    = "staging/terraform.tfstate"
region = "eu-central-1"
