"""Sign-in, lock-out, and how long it lasts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.test import Client

from contacthub.errors import RuleBroken, TooMany
from contacthub.people.models import SignInTries, StaffMember
from contacthub.people.session_time import SessionTime
from contacthub.people.signing_in import check_password
from tests.factories import MORNING, StaffMemberFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a-password-for-tests"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ana_byrne() -> StaffMember:
    staff = StaffMemberFactory(username="ana", name="Ana Byrne")
    staff.set_password(PASSWORD)
    staff.save()
    return staff


@pytest.fixture
def moment(monkeypatch):
    """Set what time it is: `moment(MORNING)`."""

    def set_to(at: datetime) -> None:
        for room in ("middleware", "views.accounts", "backends"):
            monkeypatch.setattr(f"contacthub.people.{room}.now", lambda: at)

    set_to(MORNING)
    return set_to


def attempt(password: str = "wrong", *, at: datetime = MORNING, username: str = "ana", source: str = "192.0.2.1"):
    return check_password(None, username=username, password=password, source=source, at=at)


def fail(times: int, **given) -> None:
    for _ in range(times):
        with pytest.raises((RuleBroken, TooMany)):
            attempt(**given)


class TestLockOut:
    def test_the_fourth_failure_still_lets_the_right_password_in(self, ana_byrne):
        fail(4)

        assert attempt(PASSWORD) == ana_byrne

    def test_the_fifth_failure_says_when_to_come_back(self, ana_byrne):
        fail(4)

        with pytest.raises(TooMany) as refusal:
            attempt()

        # 10am in the UK and 15 minutes
        assert refusal.value.message == (
            "You cannot sign in until 10:15am: the password was wrong 5 times. Try again then"
        )
        assert refusal.value.again_at == MORNING + 15 * MINUTE

    def test_while_locked_the_right_password_is_refused(self, ana_byrne):
        fail(5)

        with pytest.raises(TooMany):
            attempt(PASSWORD, at=MORNING + 15 * MINUTE - timedelta(seconds=1))

    def test_after_fifteen_minutes_it_works_again_by_itself(self, ana_byrne):
        fail(5)

        assert attempt(PASSWORD, at=MORNING + 15 * MINUTE) == ana_byrne

    def test_trying_while_locked_does_not_make_it_longer(self, ana_byrne):
        fail(5)
        fail(5, at=MORNING + 14 * MINUTE)

        assert attempt(PASSWORD, at=MORNING + 15 * MINUTE) == ana_byrne

    def test_after_the_lock_there_are_five_tries_again(self, ana_byrne):
        fail(5)
        fail(4, at=MORNING + 15 * MINUTE)

        assert attempt(PASSWORD, at=MORNING + 15 * MINUTE) == ana_byrne

    def test_a_right_password_ends_the_count(self, ana_byrne):
        fail(4)
        attempt(PASSWORD)
        fail(4)

        assert attempt(PASSWORD) == ana_byrne

    def test_failures_of_long_ago_do_not_count(self, ana_byrne):
        fail(4)
        fail(1, at=MORNING + 15 * MINUTE)

        assert attempt(PASSWORD, at=MORNING + 15 * MINUTE) == ana_byrne

    def test_somebody_elsewhere_is_not_locked_out(self, ana_byrne):
        fail(5, source="198.51.100.7")

        assert attempt(PASSWORD) == ana_byrne

    def test_a_name_that_nobody_has_is_locked_out_alike(self, db):
        fail(4, username="nobody")

        with pytest.raises(TooMany):
            attempt(username="nobody")

    def test_a_lock_made_before_the_clock_was_set_back_does_not_hold(self, ana_byrne):
        fail(5, at=MORNING + timedelta(hours=3))

        assert attempt(PASSWORD) == ana_byrne

    def test_tries_of_long_ago_are_forgotten(self, ana_byrne):
        fail(1, username="guess")
        attempt(PASSWORD, at=MORNING + timedelta(days=2))

        assert list(SignInTries.objects.values_list("username", flat=True)) == ["ana"]

    @pytest.mark.django_db(transaction=True)
    def test_tries_at_once_wait_for_each_other(self, ana_byrne):
        said: list[str] = []

        def try_one() -> None:
            try:
                attempt()
            except (RuleBroken, TooMany) as refusal:
                said.append(refusal.code)
            finally:
                connection.close()

        threads = [Thread(target=try_one) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(said) == ["rule_broken"] * 4 + ["too_many"] * 8


class TestPage:
    def sign_in(self, client: Client, password: str = PASSWORD, **given):
        return client.post("/sign-in/", {"username": "ana", "password": password, **given})

    @pytest.mark.parametrize(
        ("asked", "led"),
        [
            ("/jobmatch/UJ-000123/?page=2", "/jobmatch/UJ-000123/?page=2"),
            ("https://example.org/", "/"),
            ("//example.org/", "/"),
            ("javascript:alert(1)", "/"),
            ("", "/"),
        ],
    )
    def test_one_goes_where_one_was_going_if_that_is_ours(self, client, ana_byrne, asked, led):
        assert self.sign_in(client, next=asked).headers["Location"] == led

    def test_a_lock_out_is_said_with_its_end_and_with_429(self, client, ana_byrne, moment):
        for _ in range(5):
            response = self.sign_in(client, "wrong")

        assert response.status_code == 429
        assert response.headers["Retry-After"] == "900"
        assert "You cannot sign in until 10:15am" in response.content.decode()

    def test_a_wrong_password_keeps_the_name_and_not_the_password(self, client, ana_byrne):
        page = self.sign_in(client, "wrong-password").content.decode()

        assert 'value="ana"' in page
        assert "wrong-password" not in page

    def test_signing_out_has_the_browser_forget_its_pages(self, client, ana_byrne):
        self.sign_in(client)

        response = client.post("/sign-out/")

        assert response.headers["Location"] == "/sign-in/"
        assert response.headers["Clear-Site-Data"] == '"cache"'
        assert client.get("/account/").status_code == 302

    def test_pages_of_staff_are_kept_for_back_but_asked_for_anew(self, client, ana_byrne):
        self.sign_in(client)

        assert client.get("/account/").headers["Cache-Control"] == "private, no-cache"


class TestActiveDays:
    def test_who_starts_tomorrow_cannot_sign_in(self, ana_byrne, moment):
        StaffMember.objects.update(active_from=date(2026, 6, 4))

        assert authenticate(username="ana", password=PASSWORD) is None

    def test_who_has_left_is_out_at_the_next_request(self, client, ana_byrne, moment):
        client.force_login(ana_byrne)
        assert client.get("/account/").status_code == 200

        StaffMember.objects.update(active_to=date(2026, 6, 2))

        assert client.get("/account/").headers["Location"].startswith("/sign-in/?next=")

    def test_the_last_day_ends_at_midnight_in_the_uk(self, client, ana_byrne, moment):
        StaffMember.objects.update(active_to=date(2026, 6, 3))
        client.force_login(ana_byrne)

        moment(datetime(2026, 6, 3, 22, 59, tzinfo=UTC))
        assert client.get("/account/").status_code == 200
        moment(datetime(2026, 6, 3, 23, 0, tzinfo=UTC))
        assert client.get("/account/").status_code == 302


class TestHowLongItLasts:
    @pytest.fixture
    def signed_in(self, client, ana_byrne, moment):
        client.force_login(ana_byrne)
        client.get("/account/")
        return client

    def test_after_thirty_idle_minutes_one_is_asked_to_sign_in_and_told_why(self, signed_in, moment):
        moment(MORNING + 30 * MINUTE - timedelta(seconds=1))
        assert signed_in.get("/account/").status_code == 200

        moment(MORNING + 60 * MINUTE)
        response = signed_in.get("/account/", follow=True)

        assert response.redirect_chain == [("/sign-in/?next=/account/&ended=idle", 302)]
        assert "You were signed out, because nothing was done for 30 minutes" in response.content.decode()

    def test_after_twelve_hours_it_ends_however_busy_one_was(self, signed_in, moment):
        for half_hours in range(1, 25):
            moment(MORNING + half_hours * timedelta(minutes=29, seconds=59))
            assert signed_in.get("/account/").status_code == 200

        moment(MORNING + timedelta(hours=12))
        response = signed_in.get("/account/", follow=True)

        assert "You were signed out, because you signed in 12 hours ago" in response.content.decode()

    def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(self, signed_in, moment):
        moment(MORNING + 20 * MINUTE)
        asked = signed_in.get("/account/extend-session/", headers={"X-Background": "1"}).json()
        assert asked["left"] == 10 * 60

        moment(MORNING + 30 * MINUTE)
        assert signed_in.get("/account/").status_code == 302

    def test_going_on_starts_the_thirty_minutes_anew(self, signed_in, moment):
        moment(MORNING + 29 * MINUTE)

        assert signed_in.post("/account/extend-session/").json()["left"] == 30 * 60

    def test_a_page_that_asks_too_late_hears_why_it_ended(self, signed_in, moment):
        moment(MORNING + 31 * MINUTE)

        answer = signed_in.get("/account/extend-session/", headers={"X-Background": "1"}).json()

        assert answer == {"left": 0, "ended": "idle"}

    def test_what_was_pressed_too_late_is_not_done_and_one_comes_back_to_its_page(self, signed_in, moment):
        moment(MORNING + 31 * MINUTE)

        response = signed_in.post(
            "/account/", {"single_keys": ""}, headers={"Referer": "http://testserver/account/?a=b"}, follow=True
        )

        assert response.redirect_chain == [("/sign-in/?next=/account/%3Fa%3Db&ended=idle&not-done=1", 302)]
        assert "nothing was sent or saved" in response.content.decode()
        assert StaffMember.objects.get().single_keys is True

    def test_a_page_of_somebody_else_is_not_gone_back_to(self, client):
        response = client.post("/account/", headers={"Referer": "https://example.org/trap/"})

        assert response.headers["Location"] == "/sign-in/?next=/&not-done=1"

    def test_a_clock_set_back_never_gives_more_than_thirty_minutes(self):
        time = SessionTime(signed_in_at=MORNING, seen_at=MORNING + timedelta(hours=3))

        assert time.seconds_left(MORNING) == 30 * 60


class TestOwnAccount:
    @pytest.fixture
    def signed_in(self, client, ana_byrne):
        client.force_login(ana_byrne)
        return client

    def change(self, client, *, old=PASSWORD, new="barley-window-seven", again="barley-window-seven"):
        return client.post(
            "/account/password/", {"old_password": old, "new_password1": new, "new_password2": again}, follow=True
        ).content.decode()

    def test_single_keys_are_switched_off_and_on(self, signed_in):
        signed_in.post("/account/", {})
        assert StaffMember.objects.get().single_keys is False

        signed_in.post("/account/", {"single_keys": "on"})
        assert StaffMember.objects.get().single_keys is True

    def test_a_new_password_ends_the_sessions_elsewhere_and_not_this_one(self, signed_in, ana_byrne):
        elsewhere = Client()
        elsewhere.force_login(ana_byrne)

        assert "Your password is changed" in self.change(signed_in)

        assert authenticate(username="ana", password="barley-window-seven") == ana_byrne
        assert signed_in.get("/account/").status_code == 200
        assert elsewhere.get("/account/").status_code == 302

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"old": "wrong"}, "Enter the password that you signed in with"),
            ({"old": ""}, "Enter the password you have now"),
            ({"new": "short", "again": "short"}, "Enter a new password of 12 characters or more"),
            ({"new": "password1234", "again": "password1234"}, "Enter a new password that is harder to guess"),
            ({"again": "something-else"}, "Enter the same new password twice"),
        ],
    )
    def test_a_refusal_says_what_to_do(self, signed_in, given, words):
        assert words in self.change(signed_in, **given)
        assert authenticate(username="ana", password=PASSWORD)
