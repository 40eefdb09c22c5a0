# PostgreSQL 18, encrypted, to be brought back to any second of the last days.

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_security_group" "database" {
  name        = "${var.name}-database"
  description = "PostgreSQL, for the nodes alone"
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = aws_security_group.database.id
  description                  = "From the nodes"
  referenced_security_group_id = aws_security_group.node.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = "postgres${floor(tonumber(var.database_version))}"
  description = "What Board was measured with"

  dynamic "parameter" {
    for_each = {
      "rds.force_ssl"                       = "1"
      "random_page_cost"                    = "1.1" # a list of messages comes four times as fast
      "idle_in_transaction_session_timeout" = "60000"
      "log_min_duration_statement"          = "500"
      "log_lock_waits"                      = "1"
      "pg_stat_statements.track"            = "top"
      "track_io_timing"                     = "1"
    }

    content {
      name  = parameter.key
      value = parameter.value
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  identifier     = var.name
  engine         = "postgres"
  engine_version = var.database_version
  instance_class = var.database_type
  db_name        = "board"
  port           = 5432

  # The owner's password is made, kept and changed every week by Secrets Manager: it is in no state and in no pod.
  # The app has a user of its own: README.md.
  username                            = "postgres"
  manage_master_user_password         = true
  iam_database_authentication_enabled = true

  multi_az               = var.database_multi_az
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = false
  parameter_group_name   = aws_db_parameter_group.this.name
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  storage_type          = "gp3"
  storage_encrypted     = true
  allocated_storage     = var.database_gigabytes.first
  max_allocated_storage = var.database_gigabytes.most

  backup_retention_period   = var.backup_days # with the write-ahead log: to any second
  backup_window             = "02:00-02:30"
  maintenance_window        = "sun:03:00-sun:04:00"
  copy_tags_to_snapshot     = true
  delete_automated_backups  = !var.protected
  deletion_protection       = var.protected
  skip_final_snapshot       = !var.protected
  final_snapshot_identifier = "${var.name}-final"

  auto_minor_version_upgrade      = true
  performance_insights_enabled    = true
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
}

# Where the address of the database with the app's own password is kept. Its value is put there by hand, once, so that
# it is in no state: README.md.
resource "aws_secretsmanager_secret" "database_url" {
  name                    = "${var.name}/database-url"
  description             = "DATABASE_URL of the app"
  recovery_window_in_days = var.protected ? 30 : 0
}
