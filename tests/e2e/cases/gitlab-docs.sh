#!/usr/bin/env bash
# The commands of GitLab's documentation of its Helm registry work as written there.
#
# Only what stands in angle brackets there, the host and the number of the project are put in.
source "$(dirname "$0")/../lib.sh"
open_house private
cd "$work"
cp "$(pack hello 0.1.0)" mychart.tgz
cp "$(pack hello 0.2.0)" mychart-0.1.0.tgz

# Upload a chart.
curl --request POST \
     --form 'chart=@mychart.tgz' \
     --user "skipper:$token" \
     --url "$api/projects/$project/packages/helm/api/stable/charts" >answer 2>progress
expect_equal "the answer to an upload" '{"message":"201 Created"}' "$(<answer)"

curl --fail-with-body --request POST \
     --form 'chart=@mychart-0.1.0.tgz' \
     --user "skipper:$token" \
     "$api/projects/$project/packages/helm/api/stable/charts" >answer 2>progress
expect_equal "the answer to another" '{"message":"201 Created"}' "$(<answer)"

# Download a chart index.
curl --user "skipper:$token" \
     --url "$api/projects/$project/packages/helm/stable/index.yaml" >shown 2>progress
curl --user "skipper:$token" \
     --url "$api/projects/$project/packages/helm/stable/index.yaml" \
     --remote-name 2>progress
expect_same "the index" shown index.yaml
expect_contains index.yaml "$(sha256 mychart.tgz)"
expect_contains index.yaml "$(sha256 mychart-0.1.0.tgz)"

# Download a chart.
curl --user "skipper:$token" \
     --url "$api/projects/$project/packages/helm/stable/charts/hello-0.1.0.tgz" \
     --remote-name 2>progress
expect_same "the chart" mychart.tgz hello-0.1.0.tgz

# Publish and install with a personal access token and with a job token.
job=$(pilothouse job-token create --project fleet/charts --user skipper --json)
CI_JOB_TOKEN=$(json token <<<"$job")
CI_API_V4_URL=$api CI_PROJECT_ID=$project CI_PROJECT_NAME=charts
for helm in 3 4; do
    expect_runs helm $helm repo add --username skipper --password "$token" project-1 \
        "$api/projects/$project/packages/helm/stable"
    expect_runs helm $helm cm-push mychart-0.1.0.tgz project-1
    expect_runs helm $helm repo add --username gitlab-ci-token --password "${CI_JOB_TOKEN}" \
        "${CI_PROJECT_NAME}" "${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/packages/helm/stable"
    expect_runs helm $helm cm-push "$(pack hello "0.3.$helm")" charts
    expect_runs helm $helm repo update
    expect_runs helm $helm template my-release project-1/hello
done

curl --request POST \
     --form 'chart=@mychart.tgz' \
     --user "gitlab-ci-token:$CI_JOB_TOKEN" \
     "${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/packages/helm/api/devel/charts" >answer 2>progress
expect_equal "the answer to a job" '{"message":"201 Created"}' "$(<answer)"
