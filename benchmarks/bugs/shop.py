"""A shop in Flask: products, customers, orders that are paid, shipped, cancelled."""

import time
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from httpx import Client

from benchmarks.bugs import catalogue as words
from benchmarks.bugs.catalogue import Server
from benchmarks.bugs.concurrency import at_once
from benchmarks.bugs.service import Call, Refused, Reply, Service, flask_app

Row = dict[str, Any]
_MOVES = {"open": ("paid", "cancelled"), "paid": ("shipped", "cancelled")}


class Shop(Service):
    """The state and the operations."""

    description = "shop.yaml"
    racing = {"stock_oversold": "createOrder"}

    def __init__(self, bugs: frozenset[str]) -> None:
        super().__init__(bugs)
        self.products: dict[int, Row] = {}
        self.customers: dict[str, Row] = {}
        self.orders: dict[str, Row] = {}
        self.created = 0

    def refusal(self, status: int, message: str) -> Reply:
        """A refusal as this shop shapes it."""
        return Reply({"error": {"code": status, "message": message}}, status)

    def list_products(self, call: Call) -> Reply:
        """A page of the products that match."""
        rows = [row for row in list(self.products.values()) if self._matches(call, row)]
        if call["sort"] is not None:
            key = call["sort"].lstrip("-")
            as_text = key == "price" and "price_sorted_as_text" in self.bugs
            rows.sort(
                key=lambda row: str(row[key]) if as_text else row[key],
                reverse=call["sort"].startswith("-"),
            )
        page = self._page(call, rows, "listProducts")
        if "total_of_the_page" in self.bugs:
            page["total"] = len(page["items"])
        return Reply(page | {"page": call["page"], "size": call["size"]})

    def _matches(self, call: Call, row: Row) -> bool:
        if call["category"] is not None and row["category"] != call["category"]:
            return False
        least, most = call["min_price"], call["max_price"]
        if least is not None and row["price"] < least and "min_price_ignored" not in self.bugs:
            return False
        if most is None:
            return True
        exclusive = "max_price_exclusive" in self.bugs
        return bool(row["price"] < most if exclusive else row["price"] <= most)

    def _page(self, call: Call, rows: list[Row], operation: str) -> Row:
        number, size = call["page"], call["size"]
        start = (number - 1) * size
        if operation == "listProducts" and "pages_overlap" in self.bugs and number > 1:
            start -= 1
        page = rows[start : start + size]
        last = start < len(rows) <= start + size
        if operation == "listCustomers" and "last_customer_lost" in self.bugs and last and start:
            page = page[:-1]
        return {"items": page, "total": len(rows)}

    def create_product(self, call: Call) -> Reply:
        """One product more."""
        self._crash(call.body)
        self.created += 1
        row = self._product(call.body) | {"id": self.created, "createdAt": _now()}
        self.products[row["id"]] = row
        return Reply(row, 201)

    def _crash(self, body: Row) -> None:
        if "quote_in_name_crashes" in self.bugs and "'" in body["name"]:
            raise RuntimeError('near "\'": syntax error')
        if "free_product_crashes" in self.bugs and body["price"] == 0:
            raise ZeroDivisionError("margin of a free product")

    def _product(self, body: Row) -> Row:
        row = _only(body, "name", "description", "price", "category", "stock")
        if "price_rounded" in self.bugs:
            row["price"] = round(row["price"], 1)
        if "description_cut" in self.bugs and "description" in row:
            row["description"] = row["description"][:255]
        return row

    def read_product(self, call: Call) -> Reply:
        """One product."""
        return Reply(self._known_product(call))

    def replace_product(self, call: Call) -> Reply:
        """All that a client may set, anew."""
        old = self._known_product(call)
        kept = old if "put_merges_product" in self.bugs else _only(old, "id", "createdAt")
        row = kept | self._product(call.body)
        self.products[old["id"]] = row
        return Reply(row)

    def delete_product(self, call: Call) -> Reply:
        """No such product any more."""
        del self.products[self._known_product(call)["id"]]
        return Reply(status=204)

    def _known_product(self, call: Call) -> Row:
        row = self.products.get(call["productId"])
        if row is None:
            raise Refused(404, "There is no such product.")
        return row

    def list_customers(self, call: Call) -> Reply:
        """A page of the customers."""
        return Reply(self._page(call, list(self.customers.values()), "listCustomers"))

    def create_customer(self, call: Call) -> Reply:
        """One customer more, with an address of their own."""
        if any(row["email"] == call.body["email"] for row in self.customers.values()):
            if "known_address_crashes" in self.bugs:
                raise RuntimeError("UNIQUE constraint failed: customers.email")
            raise Refused(409, "Another customer has this address.")
        row = _only(call.body, "name", "email", "birthday") | {"id": str(uuid.uuid4())}
        self.customers[row["id"]] = row
        return Reply(row, 201)

    def read_customer(self, call: Call) -> Reply:
        """One customer."""
        row = self.customers.get(call["customerId"].lower())
        if row is None:
            raise Refused(404, "There is no such customer.")
        return Reply(row)

    def list_orders(self, call: Call) -> Reply:
        """A page of the orders that match."""
        rows = list(self.orders.values())
        if call["status"] is not None:
            rows = [row for row in rows if row["status"] == call["status"]]
        if call["customerId"] is not None:
            rows = [row for row in rows if row["customerId"] == call["customerId"].lower()]
        return Reply(self._page(call, rows, "listOrders"))

    def create_order(self, call: Call) -> Reply:
        """One order more, and less in stock."""
        lines = [_only(line, "productId", "quantity") for line in call.body["lines"]]
        customer = call.body["customerId"].lower()
        if customer not in self.customers:
            raise Refused(404, "There is no such customer.")
        missing = [line for line in lines if line["productId"] not in self.products]
        if missing:
            raise Refused(404, f"There is no product {missing[0]['productId']}.")
        total = sum(self.products[one["productId"]]["price"] * one["quantity"] for one in lines)
        self._take(lines)
        row = {
            "id": str(uuid.uuid4()),
            "customerId": customer,
            "lines": lines,
            "status": "open",
            "total": round(total, 2),
        }
        if "status_settable" in self.bugs:
            row["status"] = call.body.get("status", "open")
        self.orders[row["id"]] = row
        return Reply(row, 201)

    def _take(self, lines: list[Row]) -> None:
        """Everything from the stock, or nothing."""
        left = {line["productId"]: self.products[line["productId"]]["stock"] for line in lines}
        for line in lines:
            product = line["productId"]
            left[product] -= line["quantity"]
            if left[product] < 0:
                if "refused_order_takes" in self.bugs:
                    self._store({one: stock for one, stock in left.items() if stock >= 0})
                raise Refused(409, f"There is not enough of product {product}.")
        if "stock_oversold" in self.bugs:
            time.sleep(0.01)
        self._store(left)

    def _store(self, stocks: Mapping[int, int]) -> None:
        for product, stock in stocks.items():
            self.products[product]["stock"] = stock

    def read_order(self, call: Call) -> Reply:
        """One order."""
        return Reply(self._known_order(call))

    def pay_order(self, call: Call) -> Reply:
        """An open order is paid."""
        row = self._known_order(call)
        if "last_order_paid" in self.bugs:
            row = next(reversed(self.orders.values()))
        return self._move(row, "paid")

    def ship_order(self, call: Call) -> Reply:
        """A paid order is shipped."""
        row = self._known_order(call)
        if "unpaid_shipped" in self.bugs and row["status"] == "open":
            row["status"] = "paid"
        return self._move(row, "shipped")

    def cancel_order(self, call: Call) -> Reply:
        """An order is cancelled, and the stock has its products back."""
        row = self._known_order(call)
        if "second_cancel_crashes" in self.bugs and row["status"] == "cancelled":
            raise RuntimeError("refund was already sent")
        reply = self._move(row, "cancelled")
        for line in row["lines"]:
            product = self.products.get(line["productId"])
            if product is not None:
                product["stock"] = min(product["stock"] + line["quantity"], 1_000_000)
        return reply

    def _known_order(self, call: Call) -> Row:
        row = self.orders.get(call["orderId"].lower())
        if row is None:
            raise Refused(404, "There is no such order.")
        return row

    def _move(self, row: Row, status: str) -> Reply:
        if status not in _MOVES.get(row["status"], ()):
            raise Refused(409, f"The order is {row['status']}.")
        row["status"] = status
        return Reply(row)


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def _only(body: Row, *names: str) -> Row:
    return {name: body[name] for name in names if name in body}


def make_app(bugs: frozenset[str]) -> Any:
    """The shop with those bugs."""
    return flask_app(Shop(bugs))


SHOP = Server("shop", make_app)


def _product(client: Client, **given: Any) -> Row:
    body = {"name": "Mug", "price": 5, "category": "cups", "stock": 10} | given
    answer = client.post("/products", json=body)
    assert answer.status_code == 201, answer.text
    row: Row = answer.json()
    return row


def _customer(client: Client, email: str = "ann@example.com") -> Row:
    row: Row = client.post("/customers", json={"name": "Ann", "email": email}).json()
    return row


def _order(client: Client, customer: Row, *products: Row, quantity: int = 1, **more: Any) -> Row:
    lines = [{"productId": product["id"], "quantity": quantity} for product in products]
    body = {"customerId": customer["id"], "lines": lines} | more
    row: Row = client.post("/orders", json=body).json()
    return row


def _stock(client: Client, product: Row) -> int:
    stock: int = client.get(f"/products/{product['id']}").json()["stock"]
    return stock


def _names(client: Client, **query: Any) -> list[str]:
    return [row["name"] for row in client.get("/products", params=query).json()["items"]]


def _act(client: Client, order: Row, action: str) -> int:
    return client.post(f"/orders/{order['id']}/{action}").status_code


def _status(client: Client, order: Row) -> str:
    status: str = client.get(f"/orders/{order['id']}").json()["status"]
    return status


def _priced(client: Client, prices: Iterable[float]) -> None:
    for price in prices:
        _product(client, name=str(price), price=price)


@SHOP.bug("listProducts", words=words.PAGES + words.LISTED)
def pages_overlap(client: Client) -> bool:
    """A page but the first begins with the last product of the page before."""
    _priced(client, [1, 2, 3, 4])
    return _names(client, size=2, page=2)[0] == _names(client, size=2)[-1]


@SHOP.bug("listCustomers", words=words.PAGES + words.LISTED)
def last_customer_lost(client: Client) -> bool:
    """The last page misses the last customer."""
    for number in range(3):
        _customer(client, f"ann{number}@example.com")
    return bool(client.get("/customers", params={"size": 2, "page": 2}).json()["items"] == [])


@SHOP.bug("listProducts", words=words.PAGES)
def total_of_the_page(client: Client) -> bool:
    """The total counts the products of the page only."""
    _priced(client, [1, 2, 3])
    return bool(client.get("/products", params={"size": 2}).json()["total"] == 2)


@SHOP.bug("listProducts", words=words.FILTERS)
def max_price_exclusive(client: Client) -> bool:
    """A product that costs just max_price is not listed."""
    _priced(client, [1, 2])
    return "2" not in _names(client, max_price=2)


@SHOP.bug("listProducts", words=words.FILTERS)
def min_price_ignored(client: Client) -> bool:
    """min_price changes nothing."""
    _priced(client, [1, 2])
    return "1" in _names(client, min_price=2)


@SHOP.bug("listProducts", words=words.SORTED)
def price_sorted_as_text(client: Client) -> bool:
    """Sorted by price, 10 comes before 9."""
    _priced(client, [9, 10])
    return _names(client, sort="price") == ["10", "9"]


@SHOP.bug("createProduct", "replaceProduct", "readProduct", words=words.KEPT)
def price_rounded(client: Client) -> bool:
    """A price keeps one place after the point."""
    return bool(_product(client, price=4.97)["price"] == 5)


@SHOP.bug("createProduct", "replaceProduct", "readProduct", words=words.KEPT)
def description_cut(client: Client) -> bool:
    """A description loses what comes after 255 characters."""
    return len(_product(client, description="x" * 300)["description"]) == 255


@SHOP.bug("replaceProduct", "readProduct", words=words.REPLACED)
def put_merges_product(client: Client) -> bool:
    """A PUT without a description keeps the old one."""
    row = _product(client, description="Blue")
    body = {name: row[name] for name in ("name", "price", "category", "stock")}
    return "description" in client.put(f"/products/{row['id']}", json=body).json()


@SHOP.bug("createProduct", words=words.CRASH, evidence="syntax error")
def quote_in_name_crashes(client: Client) -> bool:
    """A name with a quote is a 500."""
    body = {"name": "Ann's", "price": 5, "category": "cups", "stock": 10}
    return client.post("/products", json=body).status_code == 500


@SHOP.bug("createProduct", words=words.CRASH, evidence="free product")
def free_product_crashes(client: Client) -> bool:
    """A price of 0 is a 500, behind another 500 of the same operation."""
    body = {"name": "Sample", "price": 0, "category": "tea", "stock": 10}
    return client.post("/products", json=body).status_code == 500


@SHOP.bug("createCustomer", words=words.CRASH + words.CONFLICTS, evidence="customers.email")
def known_address_crashes(client: Client) -> bool:
    """A second customer with the same address is a 500."""
    _customer(client)
    again = {"name": "Ann", "email": "ann@example.com"}
    return client.post("/customers", json=again).status_code == 500


@SHOP.bug("createOrder", "readOrder", words=words.NOT_SETTABLE + words.LIFE)
def status_settable(client: Client) -> bool:
    """A new order has the status that the client sends."""
    order = _order(client, _customer(client), _product(client), status="shipped")
    return bool(order["status"] == "shipped")


@SHOP.bug("createOrder", "readProduct", words=words.RACES)
def stock_oversold(client: Client) -> bool:
    """Orders at the same time take the same last product."""
    customer, product = _customer(client), _product(client, stock=1)
    taken = at_once(lambda: _order(client, customer, product))
    return sum("id" in order for order in taken) > 1


@SHOP.bug("createOrder", "readProduct", "listProducts", words=words.REFUSALS)
def refused_order_takes(client: Client) -> bool:
    """An order that is refused for its second line takes its first from the stock."""
    first, second = _product(client), _product(client, stock=0)
    _order(client, _customer(client), first, second)
    return _stock(client, first) == 9


@SHOP.bug("payOrder", "readOrder", words=words.NAMED)
def last_order_paid(client: Client) -> bool:
    """Paying an order pays the newest one."""
    customer, product = _customer(client), _product(client)
    first, last = _order(client, customer, product), _order(client, customer, product)
    _act(client, first, "pay")
    return _status(client, first) == "open" and _status(client, last) == "paid"


@SHOP.bug("shipOrder", "readOrder", words=words.LIFE)
def unpaid_shipped(client: Client) -> bool:
    """An open order can be shipped."""
    order = _order(client, _customer(client), _product(client))
    return _act(client, order, "ship") == 200


@SHOP.bug("cancelOrder", words=words.CRASH, evidence="refund was already")
def second_cancel_crashes(client: Client) -> bool:
    """Cancelling a cancelled order is a 500."""
    order = _order(client, _customer(client), _product(client))
    _act(client, order, "cancel")
    return _act(client, order, "cancel") == 500


app = SHOP.from_environment()
