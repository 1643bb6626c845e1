# A REST API. A request goes to the function whose path is the longest beginning of its own; "/" takes the rest.

locals {
  keyed_paths = local.is_rest && var.usage_plan != null ? var.usage_plan.paths : []
  post_paths  = local.is_rest ? var.validated_posts : []

  # Each of these answers for itself and for all below it.
  trees = local.is_rest ? toset(concat(keys(var.routes), local.keyed_paths)) : toset([])

  # Every path with all that lies above it: /api/v1/echoes needs the resources /api and /api/v1.
  nodes = toset(flatten([
    for path in setsubtract(setunion(local.trees, local.post_paths), ["/"]) : [
      for depth in range(2, length(split("/", path)) + 1) : join("/", slice(split("/", path), 0, depth))
    ]
  ]))
  levels = [for level in [1, 2, 3, 4] : toset([for node in local.nodes : node if length(split("/", node)) == level + 1])]

  root_id = local.is_rest ? { "/" = aws_api_gateway_rest_api.this[0].root_resource_id } : {}
  node_ids = merge(
    local.root_id,
    { for path, resource in aws_api_gateway_resource.first : path => resource.id },
    { for path, resource in aws_api_gateway_resource.second : path => resource.id },
    { for path, resource in aws_api_gateway_resource.third : path => resource.id },
    { for path, resource in aws_api_gateway_resource.fourth : path => resource.id },
  )

  # What answers: each node itself, and below each tree whatever the request asks for.
  method_paths = local.is_rest ? toset(concat(
    ["/"], tolist(local.nodes), [for path in local.trees : "${trimsuffix(path, "/")}/{proxy+}"]
  )) : toset([])

  # The routes that begin a path, sorted, end with the longest.
  owners = {
    for path in local.method_paths : path => reverse(sort([
      for route in keys(var.routes) : route if startswith("${path}/", "${trimsuffix(route, "/")}/")
    ]))[0]
  }
  wants_key = {
    for path in local.method_paths : path => anytrue([
      for keyed in local.keyed_paths : startswith("${path}/", "${trimsuffix(keyed, "/")}/")
    ])
  }

  methods = merge(
    { for path in local.method_paths : "ANY ${path}" => { path = path, wants_key = local.wants_key[path], is_validated = false } },
    # a browser asks whether it may ask before it shows its key
    { for path in local.method_paths : "OPTIONS ${path}" => { path = path, wants_key = false, is_validated = false } if local.wants_key[path] },
    { for path in local.post_paths : "POST ${path}" => { path = path, wants_key = local.wants_key[path], is_validated = true } },
  )

  gateway_error_headers = merge(
    length(var.cors_origins) == 0 ? {} : {
      # The gateway's own errors hold nothing of anybody's: with several origins, any page may read them.
      "gatewayresponse.header.Access-Control-Allow-Origin" = length(var.cors_origins) == 1 ? "'${var.cors_origins[0]}'" : "'*'"
    },
    { "gatewayresponse.header.Cache-Control" = "'no-store'" },
  )
}

resource "aws_api_gateway_rest_api" "this" {
  count = local.is_rest ? 1 : 0

  name                         = var.name
  description                  = var.description
  binary_media_types           = var.binary_media_types
  disable_execute_api_endpoint = !local.keeps_default_endpoint

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_resource" "first" {
  for_each = local.levels[0]

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  parent_id   = aws_api_gateway_rest_api.this[0].root_resource_id
  path_part   = basename(each.key)
}

resource "aws_api_gateway_resource" "second" {
  for_each = local.levels[1]

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  parent_id   = aws_api_gateway_resource.first[dirname(each.key)].id
  path_part   = basename(each.key)
}

resource "aws_api_gateway_resource" "third" {
  for_each = local.levels[2]

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  parent_id   = aws_api_gateway_resource.second[dirname(each.key)].id
  path_part   = basename(each.key)
}

resource "aws_api_gateway_resource" "fourth" {
  for_each = local.levels[3]

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  parent_id   = aws_api_gateway_resource.third[dirname(each.key)].id
  path_part   = basename(each.key)
}

resource "aws_api_gateway_resource" "proxy" {
  for_each = toset([for path in local.method_paths : path if endswith(path, "/{proxy+}")])

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  parent_id   = local.node_ids[dirname(each.key)]
  path_part   = "{proxy+}"
}

resource "aws_api_gateway_method" "this" {
  #checkov:skip=CKV_AWS_59:the services authenticate; health, sign-up and preflights have no token
  #checkov:skip=CKV2_AWS_53:what has any method or any body (forms, files) the services validate, and say what is wrong with it
  for_each = local.methods

  rest_api_id          = aws_api_gateway_rest_api.this[0].id
  resource_id          = endswith(each.value.path, "/{proxy+}") ? aws_api_gateway_resource.proxy[each.value.path].id : local.node_ids[each.value.path]
  http_method          = split(" ", each.key)[0]
  authorization        = "NONE" # the services authenticate: health, sign-up and preflights have no token
  api_key_required     = each.value.wants_key
  request_models       = each.value.is_validated ? { "application/json" = aws_api_gateway_model.json_object[0].name } : null
  request_validator_id = each.value.is_validated ? aws_api_gateway_request_validator.body[0].id : null
}

resource "aws_api_gateway_integration" "this" {
  for_each = local.methods

  rest_api_id             = aws_api_gateway_rest_api.this[0].id
  resource_id             = aws_api_gateway_method.this[each.key].resource_id
  http_method             = aws_api_gateway_method.this[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = var.routes[local.owners[each.value.path]].invoke_arn
  timeout_milliseconds    = var.integration_timeout_seconds * 1000
}

resource "aws_api_gateway_gateway_response" "this" {
  for_each = local.is_rest ? toset(["DEFAULT_4XX", "DEFAULT_5XX"]) : toset([])

  rest_api_id         = aws_api_gateway_rest_api.this[0].id
  response_type       = each.key
  response_parameters = local.gateway_error_headers
}

resource "aws_api_gateway_deployment" "this" {
  count = local.is_rest ? 1 : 0

  rest_api_id = aws_api_gateway_rest_api.this[0].id

  # A stage serves what was deployed last: anything of the API that changes must be deployed anew.
  triggers = {
    api = sha1(jsonencode([
      var.binary_media_types, var.cors_origins, var.integration_timeout_seconds, var.routes, local.keyed_paths, local.post_paths,
      filesha1("${path.module}/requests.tf"), filesha1("${path.module}/rest.tf"),
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [
    aws_api_gateway_gateway_response.bad_body,
    aws_api_gateway_gateway_response.this,
    aws_api_gateway_integration.this,
  ]
}

resource "aws_api_gateway_stage" "this" {
  #checkov:skip=CKV_AWS_120:answers differ by caller and must not be cached
  #checkov:skip=CKV2_AWS_4:the access log and the functions' own say more than execution logs, which hold headers
  #checkov:skip=CKV2_AWS_29:a firewall is the caller's choice (module web-acl) and costs more than the rest of the stack
  #checkov:skip=CKV2_AWS_51:functions are invoked by IAM, not over HTTP: there is no back end to show a certificate to
  count = local.is_rest ? 1 : 0

  rest_api_id          = aws_api_gateway_rest_api.this[0].id
  deployment_id        = aws_api_gateway_deployment.this[0].id
  stage_name           = var.stage_name
  xray_tracing_enabled = var.is_traced

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.this.arn
    format          = local.log_format
  }
}

resource "aws_api_gateway_method_settings" "this" {
  #checkov:skip=CKV_AWS_225:answers differ by caller and must not be cached
  count = local.is_rest ? 1 : 0

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  stage_name  = aws_api_gateway_stage.this[0].stage_name
  method_path = "*/*"

  settings {
    data_trace_enabled     = false # it would log bodies
    logging_level          = "OFF" # the access log and the function's own say more
    metrics_enabled        = true
    throttling_burst_limit = var.throttling.burst
    throttling_rate_limit  = var.throttling.rate_per_second
  }
}
