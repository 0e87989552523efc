"""Products under codes that last, the names by which records know them, and which systems are made with them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id
from portal.core.db import Base


class Product(Base):
    """A supplier's product as the newest entry names it. Names of products are one for both languages."""

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("length(code) = 6", name="code_length"),
        CheckConstraint("name <> ''", name="named"),
        Index("ix_products_cy", "sort_cy", "id"),
        Index("ix_products_en", "sort_en", "id"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(6), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    supplier: Mapped[str] = mapped_column(String(120))
    folded: Mapped[str] = mapped_column(String(260))
    sort_cy: Mapped[bytes] = mapped_column(LargeBinary)
    sort_en: Mapped[bytes] = mapped_column(LargeBinary)


class ProductName(Base):
    """What a record may call a product: the id that its supplier gave it, or the folded names of both."""

    __tablename__ = "product_names"

    name: Mapped[str] = mapped_column(String(260), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), index=True)


class ProductUse(Base):
    """A system whose current version names a product."""

    __tablename__ = "product_uses"

    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), primary_key=True)
    system_id: Mapped[str] = mapped_column(ForeignKey("systems.id"), primary_key=True, index=True)
