//go:build tools

// Package tools pins Helm 4 for the end-to-end tests.
package tools

import _ "helm.sh/helm/v4/cmd/helm"
