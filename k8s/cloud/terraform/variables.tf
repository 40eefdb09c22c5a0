variable "name" {
  description = "Prefix of every name. Two boards in one account have two."
  type        = string
  default     = "board"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "Take 3 to 20 lower case letters, digits and hyphens, with a letter first."
  }
}

variable "region" {
  description = "AWS region, near the people."
  type        = string
  default     = "eu-central-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region is written like eu-central-1."
  }
}

variable "domain" {
  description = "How people reach the board, such as board.example. PUBLIC_ORIGIN is https:// and this."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z]{2,}$", var.domain))
    error_message = "A domain is written like board.example, without https:// and without a slash."
  }
}

variable "hosted_zone" {
  description = "The Route 53 zone that the domain is in, such as example. It must exist."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])*[a-z]{2,}$", var.hosted_zone))
    error_message = "A zone is written like board.example or example.org, without a dot at the end."
  }
}

variable "network" {
  description = "Addresses of the network: a /16 that nothing it is to be connected with uses."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(regex("^(10|172|192)[.].*/16$", var.network)) && can(cidrnetmask(var.network))
    error_message = "Take a private /16, such as 10.20.0.0/16. The app believes proxies in 10/8, 172.16/12 and 192.168/16."
  }
}

variable "zones" {
  description = "In how many availability zones. RDS and the load balancer need two."
  type        = number
  default     = 2

  validation {
    condition     = contains([2, 3], var.zones)
    error_message = "Two zones or three."
  }
}

variable "nat_per_zone" {
  description = "A NAT gateway in each zone instead of one for all: the loss of a zone then costs nobody the way out."
  type        = bool
  default     = false
}

variable "operators" {
  description = "ARNs of the IAM roles or users that may use kubectl, Jenkins' among them. Who applies this may, too."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.operators : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/", arn))])
    error_message = "Each is an ARN such as arn:aws:iam::123456789012:role/jenkins."
  }
}

variable "operator_networks" {
  description = "From where the cluster's API can be reached. Empty: from inside the network alone."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for each in var.operator_networks : can(cidrnetmask(each)) && each != "0.0.0.0/0"])
    error_message = "Each is a network such as 203.0.113.7/32. The whole world is none."
  }
}

variable "kubernetes_version" {
  description = "Of the cluster. AWS supports a version for 14 months, and takes six times the price afterwards."
  type        = string
  default     = "1.35"

  validation {
    condition     = can(regex("^1[.][0-9]{2}$", var.kubernetes_version))
    error_message = "A version is written like 1.35."
  }
}

variable "addons" {
  description = "EKS add-ons: name -> settings as JSON."
  type        = map(string)
  default = {
    vpc-cni        = "{\"enableNetworkPolicy\":\"true\"}" # without it every NetworkPolicy is a wish
    kube-proxy     = "{}"
    coredns        = "{}"
    metrics-server = "{}" # what the autoscaler looks at
  }
}

variable "node_type" {
  description = "Machine of a node. A replica asks for half a core and 384 MiB."
  type        = string
  default     = "t3.medium"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[.][a-z0-9-]+$", var.node_type))
    error_message = "A machine is written like t3.medium."
  }
}

variable "nodes" {
  description = "How many nodes at least and at most. At first there are `least`; who scales them later is left alone."
  type        = object({ least = number, most = number })
  default     = { least = 2, most = 5 }

  validation {
    condition     = var.nodes.least >= 2 && var.nodes.most > var.nodes.least
    error_message = "At least two nodes, so that one can be replaced; `most` is larger, so that a new one can come first."
  }
}

variable "database_version" {
  description = "Of PostgreSQL: 18 or later. Minor versions are AWS's business, in the maintenance window."
  type        = string
  default     = "18"

  validation {
    condition     = can(tonumber(var.database_version)) && floor(tonumber(var.database_version)) >= 18
    error_message = "Board needs PostgreSQL 18 or later."
  }
}

variable "database_type" {
  description = "Machine of the database."
  type        = string
  default     = "db.t4g.medium"

  validation {
    condition     = startswith(var.database_type, "db.")
    error_message = "A database machine is written like db.t4g.medium."
  }
}

variable "database_gigabytes" {
  description = "Disk of the database: to begin with, and as far as it may grow by itself."
  type        = object({ first = number, most = number })
  default     = { first = 20, most = 200 }

  validation {
    condition     = var.database_gigabytes.first >= 20 && var.database_gigabytes.most > var.database_gigabytes.first
    error_message = "At least 20 GB, and `most` is larger."
  }
}

variable "database_multi_az" {
  description = "A second database machine in another zone that takes over within two minutes, at twice the price."
  type        = bool
  default     = true
}

variable "backup_days" {
  description = "For how many days the database can be brought back to any second."
  type        = number
  default     = 14

  validation {
    condition     = var.backup_days >= 7 && var.backup_days <= 35
    error_message = "7 to 35 days."
  }
}

variable "protected" {
  description = "Whether the database, the buckets and the images refuse to be deleted. Say false, apply, then destroy."
  type        = bool
  default     = true
}

variable "namespace" {
  description = "Of the overlay, and the two accounts in it that reach buckets."
  type        = string
  default     = "board"
}
