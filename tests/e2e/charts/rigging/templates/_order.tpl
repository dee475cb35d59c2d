{{- define "rigging.order" -}}
{{ .Release.Name }} sails in line
{{- end -}}
