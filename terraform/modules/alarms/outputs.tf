output "alarm_arns" {
  description = "ARNs of all alarms, by name."
  value       = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.arn }
}

output "alarm_names" {
  description = "Names of all alarms."
  value       = sort(keys(local.alarms))
}

output "alarms" {
  description = "What every alarm is held against and told to, by name."
  value = {
    for name, alarm in aws_cloudwatch_metric_alarm.this : name => { alarm_actions = alarm.alarm_actions, threshold = alarm.threshold }
  }
}

output "release_alarm_names" {
  description = "Names of the alarms that say of a new version that it is worse, by function: its errors and duration, the API's 5xx and latency."
  value = {
    for function in keys(var.functions) : function => sort([
      for name, alarm in local.alarms : name
      if alarm.is_release && (alarm.of_function == null || alarm.of_function == function)
    ])
  }
}
