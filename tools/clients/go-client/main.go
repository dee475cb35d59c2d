package main

import gitlab "gitlab.com/gitlab-org/api/client-go"

func main() { _, _ = gitlab.NewClient("x") }
