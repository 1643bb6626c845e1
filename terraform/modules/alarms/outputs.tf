output "alarm_names" {
  description = "Names of all alarms."
  value = sort([
    for alarm in concat(
      values(aws_cloudwatch_metric_alarm.function_errors),
      values(aws_cloudwatch_metric_alarm.function_throttles),
      values(aws_cloudwatch_metric_alarm.function_duration),
      values(aws_cloudwatch_metric_alarm.api),
      values(aws_cloudwatch_metric_alarm.table_errors),
      values(aws_cloudwatch_metric_alarm.table_throttles),
    ) : alarm.alarm_name
  ])
}

output "dashboard_name" {
  description = "Name of the dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}
