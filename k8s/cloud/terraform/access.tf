# Who may do what. A pod gets a role of its own through the cluster's OIDC issuer, never the node's; the keys last an
# hour and are in no secret. The annotations of the two ServiceAccounts are among the outputs.

data "aws_partition" "this" {}

data "aws_iam_policy_document" "trust" {
  for_each = toset(["eks", "ec2"])

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["${each.key}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "cluster" {
  name               = "${var.name}-cluster"
  assume_role_policy = data.aws_iam_policy_document.trust["eks"].json
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/AmazonEKSClusterPolicy"
}

resource "aws_iam_role" "node" {
  name               = "${var.name}-node"
  assume_role_policy = data.aws_iam_policy_document.trust["ec2"].json
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset(["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"])

  role       = aws_iam_role.node.name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/${each.key}"
}

resource "aws_iam_openid_connect_provider" "cluster" {
  url            = aws_eks_cluster.this.identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  issuer = trimprefix(aws_iam_openid_connect_provider.cluster.url, "https://")
  # What each ServiceAccount of the namespace may do, by bucket.
  accounts = {
    board = {
      (aws_s3_bucket.this["pictures"].arn) = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    }
    # It can spoil no picture, and the versions in the bucket outlive what it deletes.
    board-backup = {
      (aws_s3_bucket.this["pictures"].arn) = ["s3:GetObject"]
      (aws_s3_bucket.this["backups"].arn)  = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    }
  }
}

data "aws_iam_policy_document" "pod" {
  for_each = local.accounts

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.cluster.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = ["system:serviceaccount:${var.namespace}:${each.key}"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "pod" {
  for_each = local.accounts

  name               = "${var.name}-pod-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.pod[each.key].json
}

data "aws_iam_policy_document" "buckets" {
  for_each = local.accounts

  # Without this one, S3 says "forbidden" of a file that is not there.
  statement {
    actions   = ["s3:ListBucket"]
    resources = keys(each.value)
  }

  dynamic "statement" {
    for_each = each.value

    content {
      actions   = statement.value
      resources = ["${statement.key}/*"]
    }
  }
}

resource "aws_iam_role_policy" "buckets" {
  for_each = local.accounts

  name   = "buckets"
  role   = aws_iam_role.pod[each.key].id
  policy = data.aws_iam_policy_document.buckets[each.key].json
}
