import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("people", "0001_staff_members"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "post",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("team_leader", "Team leader"),
                            ("workgroup_manager", "Workgroup manager"),
                            ("area_manager", "Area manager"),
                            ("head_of_line", "Head of line of business"),
                            ("senior_resolution_manager", "Area senior resolution manager"),
                        ],
                        max_length=30,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ed_site", "Employer Direct (ED) site"),
                            ("jobcentre", "Jobcentre"),
                            ("contact_centre", "Contact centre"),
                            ("helpdesk", "Helpdesk"),
                            ("welsh_language_unit", "Welsh Language Unit"),
                            ("team", "Team"),
                            ("workgroup", "Workgroup"),
                            ("area", "Area"),
                            ("line_of_business", "Line of business"),
                        ],
                        max_length=30,
                    ),
                ),
                ("inbox", models.EmailField(blank=True, max_length=254)),
                ("telephone", models.CharField(blank=True, max_length=30)),
                (
                    "nation",
                    models.CharField(
                        choices=[
                            ("england_and_wales", "England and Wales"),
                            ("scotland", "Scotland"),
                            ("northern_ireland", "Northern Ireland"),
                        ],
                        default="england_and_wales",
                        max_length=20,
                    ),
                ),
            ],
        ),
        migrations.AlterModelOptions(
            name="staffmember",
            options={"verbose_name": "member of staff", "verbose_name_plural": "staff"},
        ),
        migrations.AlterModelManagers(
            name="staffmember",
            managers=[],
        ),
        migrations.RemoveField(
            model_name="staffmember",
            name="is_active",
        ),
        migrations.AddField(
            model_name="staffmember",
            name="active_from",
            field=models.DateField(default="2026-01-01"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="staffmember",
            name="active_to",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="staffmember",
            name="single_keys",
            field=models.BooleanField(default=True, verbose_name="Keyboard shortcuts of a single key"),
        ),
        migrations.AddField(
            model_name="staffmember",
            name="takes_calls_in_welsh",
            field=models.BooleanField(default=False, verbose_name="Takes calls in Welsh"),
        ),
        migrations.AddConstraint(
            model_name="staffmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("active_to", None), ("active_to__gte", models.F("active_from")), _connector="OR"),
                name="staff_days_in_order",
                violation_error_message="The last day must be the first day or later",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["kind", "id"], name="unit_kind"),
        ),
        migrations.AddField(
            model_name="membership",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="people.unit"
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["person", "starts_on", "ends_on"], name="membership_person"),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["unit", "starts_on", "ends_on"], name="membership_unit"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="membership_days_in_order",
                violation_error_message="The last day must be the first day or later",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("person", "="),
                    ("unit", "="),
                    (
                        models.Func(
                            models.F("starts_on"),
                            models.F("ends_on"),
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="membership_once",
                violation_error_message="This person already works in this unit on some of these days. Change that membership",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("post", ""), _negated=True),
                expressions=[
                    ("unit", "="),
                    ("post", "="),
                    (
                        models.Func(
                            models.F("starts_on"),
                            models.F("ends_on"),
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="membership_one_holder",
                violation_error_message="Somebody holds this post on some of these days. End that membership first",
            ),
        ),
    ]
