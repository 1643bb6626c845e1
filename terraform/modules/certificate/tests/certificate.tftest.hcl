# The real provider with keys that open nothing: a plan asks nobody.
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  domain_name = "api.example.com"
  zone_id     = "Z0123456789ABCDEFGHIJ"
}

run "proves_a_name" {
  command = plan

  assert {
    condition     = aws_acm_certificate.this.validation_method == "DNS" && aws_acm_certificate.this.domain_name == "api.example.com"
    error_message = "The certificate is for this name, proved by a record."
  }

  assert {
    condition     = keys(aws_route53_record.proof) == ["api.example.com"] && aws_route53_record.proof["api.example.com"].zone_id == "Z0123456789ABCDEFGHIJ"
    error_message = "The record is in the zone."
  }

  assert {
    condition     = aws_route53_record.proof["api.example.com"].allow_overwrite
    error_message = "Another region may have written it before."
  }

  assert {
    condition     = aws_acm_certificate_validation.this.timeouts.create == "20m"
    error_message = "Whoever waits for a proof does not wait for ever."
  }
}

run "refuses_what_is_no_name" {
  command         = plan
  expect_failures = [var.domain_name]
  variables {
    domain_name = "https://api.example.com"
  }
}

run "refuses_to_wait_for_nothing" {
  command         = plan
  expect_failures = [var.patience_minutes]
  variables {
    patience_minutes = 0
  }
}
