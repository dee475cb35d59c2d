//go:build tools

// Package tools pins the helm-push plugin for the end-to-end tests.
package tools

import _ "github.com/chartmuseum/helm-push/cmd/helm-cm-push"
