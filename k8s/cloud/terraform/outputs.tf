output "kubeconfig_command" {
  description = "Makes kubectl speak to the cluster."
  value       = "aws eks update-kubeconfig --region ${var.region} --name ${aws_eks_cluster.this.name}"
}

output "registry" {
  description = "BOARD_REPOSITORY of the pipeline."
  value       = aws_ecr_repository.board.repository_url
}

output "settings" {
  description = "Lines for k8s/overlays/scaled/settings.env."
  value = {
    PUBLIC_ORIGIN = "https://${var.domain}"
    STORAGE_URL   = "s3://${aws_s3_bucket.this["pictures"].id}"
    AWS_REGION    = var.region
  }
}

output "backup_url" {
  description = "Where backups go."
  value       = "s3://${aws_s3_bucket.this["backups"].id}"
}

output "service_accounts" {
  description = "The annotation eks.amazonaws.com/role-arn of each ServiceAccount."
  value       = { for account, role in aws_iam_role.pod : account => role.arn }
}

output "database" {
  description = "Where the database is, whose secret makes the app's user, and where the app's DATABASE_URL is kept."
  value = {
    host         = aws_db_instance.this.address
    name         = aws_db_instance.this.db_name
    owner_secret = aws_db_instance.this.master_user_secret[0].secret_arn
    url_secret   = aws_secretsmanager_secret.database_url.name
  }
}
