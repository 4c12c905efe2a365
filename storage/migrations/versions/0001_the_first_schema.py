"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    _create_run()
    _create_record()
    _create_observation()
    _create_visit()
    _create_submission()
    _create_claim()


def _create_run() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )


def _create_record() -> None:
    op.create_table(
        "record",
        sa.Column("leaf", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("captured_at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("last_modified", sa.String(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("refers_to", sa.String(), nullable=True),
        sa.Column("wire_sha256", sa.String(), nullable=False),
        sa.Column("conditional", sa.Boolean(), nullable=False),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_record")),
        sa.UniqueConstraint("id", name=op.f("uq_record_id")),
    )
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_record_agency_source_url"), ["agency", "source", "url"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_record_run_agency"), ["run", "agency"], unique=False)


def _create_observation() -> None:
    op.create_table(
        "observation",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["record.leaf"], name=op.f("fk_observation_record_record")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_observation")),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_observation_agency_kind_key"), ["agency", "kind", "key"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_observation_record"), ["record"], unique=False)


def _create_visit() -> None:
    op.create_table(
        "visit",
        sa.Column("leaf", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["leaf"], ["record.leaf"], name=op.f("fk_visit_leaf_record")),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_visit")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_visit_agency_run_source"), ["agency", "run", "source"], unique=False
        )


def _create_submission() -> None:
    op.create_table(
        "submission",
        sa.Column("leaf", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["leaf"], ["record.leaf"], name=op.f("fk_submission_leaf_record")),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_submission")),
        sa.UniqueConstraint("agency", "sha256", name=op.f("uq_submission_agency_sha256")),
    )


def _create_claim() -> None:
    op.create_table(
        "claim",
        sa.Column("leaf", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("fire_at", sa.DateTime(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["leaf"], ["record.leaf"], name=op.f("fk_claim_leaf_record")),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_claim")),
        sa.UniqueConstraint("schedule", "fire_at", name=op.f("uq_claim_schedule_fire_at")),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_agency_run_source"))

    op.drop_table("visit")
    op.drop_table("submission")
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_observation_record"))
        batch_op.drop_index(batch_op.f("ix_observation_agency_kind_key"))

    op.drop_table("observation")
    op.drop_table("claim")
    op.drop_table("run")
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_run_agency"))
        batch_op.drop_index(batch_op.f("ix_record_agency_source_url"))

    op.drop_table("record")
