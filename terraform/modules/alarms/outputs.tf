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

output "release_alarm_names" {
  description = "Names of the alarms that say of a new version that it is worse, by function: its errors and duration, the API's 5xx and latency."
  value = {
    for function in keys(var.functions) : function => sort(concat(
      [aws_cloudwatch_metric_alarm.function_errors[function].alarm_name],
      [aws_cloudwatch_metric_alarm.function_duration[function].alarm_name],
      [for alarm in values(aws_cloudwatch_metric_alarm.api) : alarm.alarm_name],
    ))
  }
}
