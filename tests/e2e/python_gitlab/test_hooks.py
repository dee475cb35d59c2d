"""Webhooks of projects, as far as they are GitLab's."""

from house import MAINTAINER, DEVELOPER, NO_ROLE, House, Person

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Hooks(House):
    def setUp(self):
        self.place = self.project()
        self.hooks = self.place.hooks

    def test_create_change_remove(self):
        made = self.hooks.create({"url": "https://ci.example.com/a", "push_events": True})
        self.assertEqual((made.url, made.push_events, made.deployment_events, made.project_id),
                         ("https://ci.example.com/a", True, False, self.place.id))
        self.assertTrue(made.signing_token.startswith("whsec_"))
        made.url = "https://ci.example.com/b"
        made.save()
        told = self.hooks.get(made.id)
        self.assertEqual((told.url, told.push_events), ("https://ci.example.com/b", True))
        self.assertNotIn("signing_token", told.attributes)
        self.assertEqual([hook.id for hook in self.hooks.list(get_all=True)], [made.id])
        made.delete()
        self.refused(404, "404 Not found", self.hooks.get, made.id)

    def test_a_secret_of_ones_own_is_not_told(self):
        made = self.hooks.create({"url": "https://ci.example.com/", "signing_token": SECRET})
        self.assertNotIn("signing_token", made.attributes)
        self.assertEqual(self.place.manager.gitlab.http_list(f"/projects/{self.place.id}/hooks/{made.id}/events",
                                                             get_all=True), [])

    def test_who_may(self):
        jane = Person("jane")
        self.place.members.create({"user_id": jane.id, "access_level": DEVELOPER})
        hooks = jane.api.projects.get(self.place.id).hooks
        self.refused(403, NO_ROLE, hooks.list)
        self.place.members.update(jane.id, {"access_level": MAINTAINER})
        self.assertEqual(hooks.list(get_all=True), [])
