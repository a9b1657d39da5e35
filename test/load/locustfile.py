"""
Customers of the shop that the fake servers play, for Locust. README.md here says how to run it.

    locust -f test/load/locustfile.py --host=http://127.0.0.1:8080

Every answer is booked a second time under the server that gave it, so that Locust's own table, web
page and CSV files show how the proxy shared the requests out. Settings are variables of the
environment, checked at the start:

    THINK       factor on the customers' think times (1); 0: none
    SHAPE       ramp, steps, spike or wave: a LoadTestShape in place of --users and --spawn-rate
    SHAPE_USERS, SHAPE_SECONDS    its highest number of users (100) and how long it takes (120)
    MAX_P95     the 95th percentile that is allowed, in ms
    MAX_ERRORS  the share of failed requests that is allowed: 1% or 0.01
"""

import logging
import math
import os
import random
import re
import sys

from locust import FastHttpUser, LoadTestShape, between, constant, events, runners, task

# Debian builds Locust without its version, and a master turns away workers who do not tell theirs.
runners.__version__ = runners.__version__ or "2"

# As of experiments/load/shop-source.ts, so that both ask for the same pages.
PRODUCTS = 500
CATALOGUE_PAGES = 20
CUSTOMERS = 1000
ORDERS = 100_000
WORDS = ["lamp", "chair", "kettle", "rope", "compass", "map", "anchor", "lantern", "oilskin"]

# In the column where Locust has the method of a request.
SERVED_BY = "served by"
NOBODY = "(no server)"  # Answered by the proxy itself, or not at all.

# Exit codes, as `evenkeel` has them.
KEPT, UNUSABLE, UNDECIDED, BROKEN = 0, 2, 3, 99


def setting(name, pattern, example):
    """The text of a variable, or None; ends Locust if nobody could mean it."""
    text = os.environ.get(name, "").strip()
    if text == "":
        return None
    if re.fullmatch(pattern, text) is None:
        print(f"{name} must be like {example}, got {text}", file=sys.stderr)
        sys.exit(UNUSABLE)
    return text


def number(name, example, default=None):
    text = setting(name, r"\d+(\.\d+)?", example)
    return default if text is None else float(text)


def share(name):
    text = setting(name, r"\d+(\.\d+)?%|0(\.\d+)?|1(\.0+)?", "1% or 0.01")
    if text is None:
        return None
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


THINK = number("THINK", "0.5", 1)
MAX_P95 = number("MAX_P95", "250")
MAX_ERRORS = share("MAX_ERRORS")


def thinking(least, most):
    return constant(0) if THINK == 0 else between(least * THINK, most * THINK)


class Shopper(FastHttpUser):
    """What all have in common: how a page is asked for, and what is wrong with an answer."""

    abstract = True

    def on_start(self):
        # Who asks, for strategies that go by key (`affinity: { header: x-client }`).
        self.fields = {"x-client": f"customer-{random.randint(1, CUSTOMERS)}"}

    def ask(self, path, name, check=None, method="GET", **more):
        """Gives what the page says, or None if it was no good. Locust books it under `name`."""
        more |= {"name": name, "headers": dict(self.fields), "catch_response": True}
        with self.client.request(method, path, **more) as answer:
            if answer.status_code != 200 or method == "HEAD":
                return None  # Locust itself counts what is not 2xx or 3xx as a failure.
            try:
                page = answer.json()
                fault = None if check is None else check(page)
            except (KeyError, TypeError, ValueError) as error:
                page, fault = None, f"not what the shop says: {error!r}"
            if fault is None and page.get("server") != answer.headers.get("x-served-by"):
                fault = "the body is of another server than the head"
            if fault is None:
                return page
            answer.failure(fault)
            return None

    def front(self):
        return self.ask("/", "/", titled)

    def catalogue(self):
        number = random.randint(1, CATALOGUE_PAGES)
        return self.ask(f"/products?page={number}", "/products", listed_products)

    def product(self, number=None):
        number = number or random.randint(1, PRODUCTS)
        return self.ask(f"/products/{number}", "/products/[id]", priced)

    def search(self):
        word = random.choice(WORDS)
        return self.ask(f"/search?q={word}", "/search", titled)


class Visitor(Shopper):
    """Looks around, and goes. Seven of ten."""

    weight = 7
    wait_time = thinking(0.5, 3)

    @task(8)
    def look_at_a_product(self):
        self.product()

    @task(4)
    def leaf_through(self):
        """A page of the catalogue, and what is first on it."""
        page = self.catalogue()
        if page is not None:
            self.product(page["products"][0]["id"])

    @task(3)
    def look_for_something(self):
        self.search()

    @task(1)
    def come_in(self):
        self.front()


class Buyer(Shopper):
    """Knows what he wants, and buys it. Two of ten."""

    weight = 2
    wait_time = thinking(1, 5)

    @task
    def buy(self):
        self.search()
        self.wait()
        product = self.product()
        if product is None:
            return
        line = {"product": product["id"], "quantity": random.randint(1, 4)}
        if self.ask("/cart", "/cart", summed, "POST", json=line) is None:
            return
        self.wait()
        self.ask("/cart", "/cart", summed)
        self.ask(f"/orders/{random.randint(1, ORDERS)}", "/orders/[id]", ordered)


class Monitor(Shopper):
    """Asks for the head of the front page only, as monitoring and link checkers do. One of ten."""

    weight = 1
    wait_time = thinking(2, 4)

    @task
    def look(self):
        self.ask("/", "/", method="HEAD")


def titled(page):
    return None if page["title"] else "a page without a title"


def listed_products(page):
    return None if len(page["products"]) > 0 else "an empty page of the catalogue"


def priced(page):
    return None if page["price"] > 0 and page["name"] else "a product without a price or a name"


def summed(page):
    total = sum(item["price"] * item["quantity"] for item in page["items"])
    return None if abs(total - page["total"]) < 0.01 else "a cart that does not add up"


def ordered(page):
    return None if len(page["orders"]) > 0 else "no order"


@events.init.add_listener
def book_servers(environment, **_):
    """Books each answer in an entry of its server's. As a second request it would double the totals."""

    def book(response_time, response_length, response=None, exception=None, **_):
        headers = getattr(response, "headers", None) or {}
        entry = environment.stats.get(headers.get("x-served-by") or NOBODY, SERVED_BY)
        entry.log(response_time, response_length)
        if exception is not None:
            entry.log_error(exception)

    environment.events.request.add_listener(book)


@events.quitting.add_listener
def judge(environment, **_):
    """
    Exits with 0 if the thresholds were kept, 99 if not, 3 if there was nothing to judge. Without
    thresholds Locust decides: 1 after any failure.
    """
    if isinstance(environment.runner, runners.WorkerRunner):
        environment.process_exit_code = KEPT  # The master has everybody's figures.
        return
    if MAX_P95 is None and MAX_ERRORS is None:
        return
    total = environment.stats.total
    if total.num_requests == 0:
        logging.error("no request was answered: nothing to judge")
        environment.process_exit_code = UNDECIDED
        return
    p95 = total.get_response_time_percentile(0.95)
    errors = total.fail_ratio
    verdicts = [
        verdict("p95", p95, MAX_P95, "{:g} ms"),
        verdict("errors", errors, MAX_ERRORS, "{:.2%}"),
    ]
    environment.process_exit_code = KEPT if all(verdicts) else BROKEN


def verdict(what, value, most, form):
    if most is None:
        return True
    kept = value <= most
    word = "kept" if kept else "broken"
    log = logging.info if kept else logging.error
    log(f"{what} {form.format(value)}, at most {form.format(most)}: {word}")
    return kept


# From the share of the time that has passed to the share of the users that are there.
SHAPES = {
    "ramp": lambda passed: passed,
    "steps": lambda passed: math.ceil(passed * 5) / 5,
    "spike": lambda passed: 1 if 0.4 <= passed < 0.6 else 0.2,
    "wave": lambda passed: 0.6 - 0.4 * math.cos(passed * 4 * math.pi),
}

SHAPE = setting("SHAPE", "|".join(SHAPES), ", ".join(SHAPES))

if SHAPE is not None:
    # Locust takes whatever shape it finds, so there is one only if it was asked for.
    class Shape(LoadTestShape):
        users = number("SHAPE_USERS", "100", 100)
        seconds = number("SHAPE_SECONDS", "120", 120)

        def tick(self):
            passed = self.get_run_time() / self.seconds
            if passed >= 1:
                return None
            count = max(1, round(self.users * SHAPES[SHAPE](passed)))
            return count, max(1, self.users)
