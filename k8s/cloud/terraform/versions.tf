terraform {
  required_version = ">= 1.10" # use_lockfile in the backend

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  # Whose bucket the state is in stands in backend.hcl, which is not in git: README.md.
  backend "s3" {}
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project   = var.name
      ManagedBy = "terraform"
    }
  }
}
