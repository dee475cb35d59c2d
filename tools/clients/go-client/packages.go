package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"

	gitlab "gitlab.com/gitlab-org/api/client-go"
)

// pushChart: the client knows nothing of Helm.
func pushChart(project int64, channel, file string) {
	content, err := os.ReadFile(file)
	if err != nil {
		fail("%v", err)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("chart", "chart.tgz")
	if err != nil {
		fail("%v", err)
	}
	part.Write(content)
	form.Close()
	url := fmt.Sprintf("%s/api/v4/projects/%d/packages/helm/api/%s/charts", os.Getenv("URL"), project, channel)
	request, err := http.NewRequest(http.MethodPost, url, &body)
	if err != nil {
		fail("%v", err)
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("PRIVATE-TOKEN", os.Getenv("ADMIN_TOKEN"))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		fail("%v", err)
	}
	answer.Body.Close()
	equal("status of a push", 201, answer.StatusCode)
}

// get asks for what the client has no call of its own for.
func get[T any](path string, into T) (T, *gitlab.Response, error) {
	request, err := admin.NewRequest(http.MethodGet, path, nil, nil)
	if err != nil {
		fail("%v", err)
	}
	answer, err := admin.Do(request, into)
	return into, answer, err
}

func packages() {
	group := newGroup(0)
	project := newProject(group, "app")
	charts := os.Getenv("CHARTS")
	archive := charts + "/hello-0.1.0.tgz"
	for _, channel := range []string{"edge", "stable"} {
		pushChart(project.ID, channel, archive)
	}
	pushChart(project.ID, "stable", charts+"/hello-0.2.0.tgz")

	of := admin.Packages
	listed := ok(of.ListProjectPackages(project.ID, &gitlab.ListProjectPackagesOptions{
		OrderBy: gitlab.Ptr("version"), PackageType: gitlab.Ptr("helm"), PackageName: gitlab.Ptr("ell")}))
	equal("packages", 2, len(listed))
	one := listed[0]
	equal("name", "hello", one.Name)
	equal("version", "0.1.0", one.Version)
	equal("type", "helm", one.PackageType)
	equal("status", "default", one.Status)
	equal("tags", 0, len(one.Tags))
	path := fmt.Sprintf("projects/%d/packages/%d", project.ID, one.ID)
	equal("link", os.Getenv("URL")+"/api/v4/"+path, one.Links.DeleteAPIPath)
	ofGroup := ok(of.ListGroupPackages(group.ID, &gitlab.ListGroupPackagesOptions{ExcludeSubGroups: gitlab.Ptr(true)}))
	equal("in the group", 2, len(ofGroup))
	equal("project", project.ID, ofGroup[0].ProjectID)
	equal("project", project.PathWithNamespace, ofGroup[0].ProjectPath)
	refused(of.ListProjectPackages(project.ID, &gitlab.ListProjectPackagesOptions{
		Status: gitlab.Ptr("new")})).with(400, "{error: status does not have a valid value}")
	refused(of.ListGroupPackages(999999, nil)).notFound()

	equal("shown", "0.1.0", ok(get(path, &gitlab.Package{})).Version)
	refused(get(fmt.Sprintf("projects/%d/packages/999999", project.ID), &gitlab.Package{})).notFound()
	equal("pipelines", 0, len(*ok(get(path+"/pipelines", &[]*gitlab.Pipeline{}))))
	refused(get(fmt.Sprintf("projects/%d/packages/999999/pipelines", project.ID), &[]*gitlab.Pipeline{})).notFound()

	files := ok(of.ListPackageFiles(project.ID, one.ID, nil))
	equal("files", 2, len(files))
	equal("file", "hello-0.1.0.tgz", files[0].FileName)
	equal("package", one.ID, files[0].PackageID)
	refused(of.ListPackageFiles(project.ID, 999999, nil)).notFound()
	content := &bytes.Buffer{}
	ok(get(fmt.Sprintf("%s/package_files/%d/download", path, files[0].ID), content))
	equal("size", files[0].Size, int64(content.Len()))
	digest := sha256.Sum256(content.Bytes())
	equal("digest", files[0].FileSHA256, hex.EncodeToString(digest[:]))
	refused(get(path+"/package_files/999999/download", content)).notFound()

	theirs := newPerson("jane").api.Packages
	refusedTo(theirs.DeletePackageFile(project.ID, one.ID, files[0].ID)).with(403, noRole)
	refusedTo(theirs.DeleteProjectPackage(project.ID, one.ID)).with(403, noRole)
	done(of.DeletePackageFile(project.ID, one.ID, files[0].ID))
	refusedTo(of.DeletePackageFile(project.ID, one.ID, files[0].ID)).notFound()
	equal("files", 1, len(ok(of.ListPackageFiles(project.ID, one.ID, nil))))
	done(of.DeleteProjectPackage(project.ID, one.ID))
	refusedTo(of.DeleteProjectPackage(project.ID, one.ID)).notFound()
	equal("packages", 1, len(ok(of.ListProjectPackages(project.ID, nil))))
}
