# Which bucket and which key, an environment's file says: terraform init -backend-config=environments/dev/backend.hcl
terraform {
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}
