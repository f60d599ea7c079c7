import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

# What names.key does.
NAME_KEY = r"""
create function employer_contact_name_key(name text, others text[] default '{}') returns text
language sql immutable parallel safe
begin atomic
  select ' ' || trim(regexp_replace(replace(folded.name, $a$'$a$, ''), signs.between, ' ', 'g')) || case
    when position($a$'$a$ in folded.name) > 0
    then ' ' || trim(regexp_replace(replace(folded.name, $a$'$a$, ' '), signs.between, ' ', 'g')) else '' end
  from (select find_fold(replace(concat(name, ' ', array_to_string(others, ' ')), '&', ' and ')) as name) as folded,
    (select '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u3003]+' as between) as signs;
end
"""
STEPS_STAY = """
create function employer_contact_plan_in_use() returns trigger language plpgsql as $$
declare
  changed bigint;
begin
  foreach changed in array array_remove(
    array[case when tg_op <> 'INSERT' then old.version_id end, case when tg_op <> 'DELETE' then new.version_id end], null
  ) loop
    if exists (select from employer_contact_planuse where version_id = changed) then
      raise exception 'A version of a plan that was put to use stays as it is' using errcode = 'check_violation';
    end if;
  end loop;
  return coalesce(new, old);
end $$;
create trigger steps_stay before insert or update or delete on employer_contact_planstep
for each row execute function employer_contact_plan_in_use();
"""
NO_STEPS_STAY = """
drop trigger steps_stay on employer_contact_planstep;
drop function employer_contact_plan_in_use();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0004_keeping_find_keys"),
        ("people", "0002_units_and_memberships"),  # btree_gist
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(NAME_KEY, "drop function employer_contact_name_key(text, text[])"),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Employer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "ern",
                    models.CharField(
                        max_length=9,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^[0-9]{9}$")],
                        verbose_name="ERN",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("hmrc_address", models.TextField(blank=True)),
                ("hmrc_postcode", models.CharField(blank=True, max_length=8)),
                ("payroll_address", models.TextField(blank=True)),
                ("payroll_postcode", models.CharField(blank=True, max_length=8)),
                ("telephone", models.CharField(blank=True, max_length=20)),
                (
                    "additional_telephones",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                ("fax", models.CharField(blank=True, max_length=20)),
                ("prefers_fax", models.BooleanField(default=False)),
                ("email", models.EmailField(blank=True, max_length=320)),
                (
                    "contact_names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), blank=True, default=list, size=None
                    ),
                ),
                ("pay_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("cut_off_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("voicemail_authorised", models.BooleanField(blank=True, null=True)),
                (
                    "schedule_delivery",
                    models.CharField(
                        choices=[("self_service", "Self service"), ("paper", "Paper")], default="paper", max_length=15
                    ),
                ),
                (
                    "language",
                    models.CharField(choices=[("en", "English"), ("cy", "Welsh")], default="en", max_length=2),
                ),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            "name",
                            "contact_names",
                            function="employer_contact_name_key",
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(db_collation="C"),
                    ),
                ),
                (
                    "numbers",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.Func(
                                models.Func(
                                    models.F("additional_telephones"), models.F("telephone"), function="array_append"
                                ),
                                models.F("fax"),
                                function="array_append",
                            ),
                            models.Value(""),
                            function="array_remove",
                        ),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=20), size=None
                        ),
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["name_key"], name="employer_words", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["numbers"], name="employer_numbers"
                    ),
                    models.Index(models.F("name_key"), models.F("id"), name="employer_by_name"),
                    models.Index(
                        models.F("hmrc_postcode"),
                        condition=models.Q(("hmrc_postcode", ""), _negated=True),
                        name="employer_hmrc_postcode",
                    ),
                    models.Index(
                        models.F("payroll_postcode"),
                        condition=models.Q(("payroll_postcode", ""), _negated=True),
                        name="employer_payroll_postcode",
                    ),
                    models.Index(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("email", ""), _negated=True),
                        name="employer_email",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ern__regex", "^[0-9]{9}$")), name="employer_ern_has_9_digits"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="employer_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("telephone__regex", "^(\\+[0-9]{6,15})?$"), ("fax__regex", "^(\\+[0-9]{6,15})?$")
                        ),
                        name="employer_numbers_are_e164",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hmrc_postcode__regex", "^([A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2})?$"),
                            ("payroll_postcode__regex", "^([A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2})?$"),
                        ),
                        name="employer_postcodes_are_written_alike",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("prefers_fax", False), models.Q(("fax", ""), _negated=True), _connector="OR"
                        ),
                        name="employer_fax_is_preferred_where_there_is_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pay_day", None), ("pay_day__range", (1, 31)), _connector="OR"),
                            models.Q(("cut_off_day", None), ("cut_off_day__range", (1, 31)), _connector="OR"),
                        ),
                        name="employer_days_of_a_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("schedule_delivery__in", ["self_service", "paper"])),
                        name="employer_schedule_comes_one_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "cy"])), name="employer_language_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeoSchedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                (
                    "delivery",
                    models.CharField(choices=[("self_service", "Self service"), ("paper", "Paper")], max_length=15),
                ),
                ("sent_on", models.DateField(blank=True, null=True)),
                (
                    "employer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schedules",
                        to="employer_contact.employer",
                    ),
                ),
            ],
            options={
                "verbose_name": "DEO schedule",
            },
        ),
        migrations.CreateModel(
            name="EmployerNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("about", models.CharField(blank=True, max_length=20)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "employer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="employer_contact.employer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MaintenanceCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "number",
                    models.CharField(
                        max_length=20, unique=True, validators=[django.core.validators.RegexValidator("^[0-9]{1,20}$")]
                    ),
                ),
                ("receiving_parent", models.CharField(max_length=200)),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseActivity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("happened_on", models.DateField()),
                ("words", models.TextField(blank=True)),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True)),
                ("from_month", models.DateField(blank=True, null=True)),
                ("by", models.CharField(blank=True, max_length=150, verbose_name="Issued by")),
                (
                    "employer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="employer_contact.employer",
                    ),
                ),
                (
                    "maintenance_case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="employer_contact.maintenancecase",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "case activities",
            },
        ),
        migrations.CreateModel(
            name="PayingParent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "reference",
                    models.CharField(
                        max_length=12, unique=True, validators=[django.core.validators.RegexValidator("^121[0-9]{9}$")]
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("nino", models.CharField(blank=True, max_length=9, verbose_name="National Insurance number")),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            "name", function="employer_contact_name_key", output_field=models.TextField()
                        ),
                        output_field=models.TextField(db_collation="C"),
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["name_key"], name="parent_words", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(models.F("name_key"), models.F("id"), name="parent_by_name"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("nino", ""), _negated=True), fields=("nino",), name="parent_nino_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nino__regex", "^([A-Z]{2}[0-9]{6}[A-D])?$")),
                        name="parent_nino_has_its_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference__regex", "^121[0-9]{9}$")), name="parent_reference_has_its_form"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="parent_has_name"),
                ],
            },
        ),
        migrations.AddField(
            model_name="maintenancecase",
            name="paying_parent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="employer_contact.payingparent"
            ),
        ),
        migrations.CreateModel(
            name="Employment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "employer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employments",
                        to="employer_contact.employer",
                    ),
                ),
                (
                    "paying_parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employments",
                        to="employer_contact.payingparent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PayrollAgent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "earn",
                    models.CharField(
                        max_length=9,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^EA[0-9]{7}$")],
                        verbose_name="EARN",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Company name")),
                (
                    "address1",
                    models.CharField(blank=True, max_length=200, verbose_name="First line of company address"),
                ),
                ("address_rest", models.TextField(blank=True, verbose_name="Rest of company address")),
                ("postcode", models.CharField(blank=True, max_length=8)),
                ("telephone", models.CharField(blank=True, max_length=20)),
                ("email", models.EmailField(blank=True, max_length=320)),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            "name", function="employer_contact_name_key", output_field=models.TextField()
                        ),
                        output_field=models.TextField(db_collation="C"),
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["name_key"], name="agent_words", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(models.F("name_key"), models.F("id"), name="agent_by_name"),
                    models.Index(
                        models.F("telephone"),
                        condition=models.Q(("telephone", ""), _negated=True),
                        name="agent_telephone",
                    ),
                    models.Index(
                        models.F("postcode"), condition=models.Q(("postcode", ""), _negated=True), name="agent_postcode"
                    ),
                    models.Index(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("email", ""), _negated=True),
                        name="agent_email",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("earn__regex", "^EA[0-9]{7}$")), name="agent_earn_has_its_form"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="agent_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(("telephone__regex", "^(\\+[0-9]{6,15})?$")), name="agent_number_is_e164"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("postcode__regex", "^([A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2})?$")),
                        name="agent_postcode_is_written_alike",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgentLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("may_do", models.CharField(blank=True, max_length=200, verbose_name="What the agent may do")),
                ("gets_schedule", models.BooleanField(default=False, verbose_name="Gets the DEO schedule")),
                (
                    "employer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="employer_contact.employer",
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="employer_contact.payrollagent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ContactReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("label", models.CharField(max_length=100, unique=True)),
                ("order", models.PositiveSmallIntegerField()),
                ("phrases", models.TextField(blank=True, help_text="One a line", verbose_name="What callers say")),
                ("related", models.TextField(blank=True, help_text="One a line", verbose_name="Related procedures")),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reasons",
                        to="employer_contact.plan",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="employer_contact.plan"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_at", models.DateTimeField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="employer_contact.planversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=300, verbose_name="Activity")),
                (
                    "mark",
                    models.CharField(
                        choices=[("source", "Source"), ("public", "Public"), ("proposed", "Proposed")],
                        max_length=10,
                        verbose_name="Status",
                    ),
                ),
                (
                    "does",
                    models.CharField(
                        choices=[
                            ("confirm", "Confirms who asks: the other steps wait for it"),
                            ("note", "Keeps words"),
                            ("elsewhere", "Is done elsewhere: keeps a date, and a reference or an answer"),
                            ("change_employer", "Changes the employer’s details"),
                            ("change_agent", "Changes the agent’s details"),
                            ("link_agent", "Links an agent"),
                            ("end_link", "Ends the link to an agent"),
                            ("update_lines", "Updates schedule lines"),
                            ("raise", "Raises a further service request"),
                            ("tell_party", "Sends a confirmation"),
                            ("tell_owner", "Tells the case owning caseworker"),
                            ("owner_confirms", "Is completed by the case owning caseworker"),
                            ("follow_up", "Sets a follow-up"),
                            ("close", "Writes the case update and closes"),
                        ],
                        default="note",
                        max_length=20,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="employer_contact.planversion",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "number"],
            },
        ),
        migrations.CreateModel(
            name="ScheduleLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due", models.DecimalField(decimal_places=2, max_digits=9)),
                ("deducted", models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True)),
                ("difference_reason", models.CharField(blank=True, max_length=200)),
                (
                    "change",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("left", "Left employment"),
                            ("never_worked_here", "Never worked here"),
                            ("cannot_deduct_all", "Full amount cannot be deducted"),
                            ("problem_setting_up", "Problem setting up the DEO"),
                            ("stopped_trading", "Business stopped trading"),
                            ("pay_frequency", "Pay frequency"),
                            ("absence", "Absence"),
                            ("other", "Other"),
                        ],
                        max_length=25,
                    ),
                ),
                ("effective_on", models.DateField(blank=True, null=True)),
                (
                    "paying_parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schedule_lines",
                        to="employer_contact.payingparent",
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="employer_contact.deoschedule",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SecurityQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("party", models.CharField(choices=[("employer", "Employer"), ("agent", "Agent")], max_length=10)),
                ("label", models.CharField(max_length=100)),
                ("hint", models.CharField(blank=True, max_length=200, verbose_name="Shown beside it")),
                ("order", models.PositiveSmallIntegerField()),
                ("is_asked", models.BooleanField(default=True, verbose_name="Asked")),
            ],
            options={
                "ordering": ["party", "order", "pk"],
                "constraints": [models.UniqueConstraint(fields=("party", "label"), name="security_question_once")],
            },
        ),
        migrations.CreateModel(
            name="ServiceRequestKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("process", models.CharField(max_length=60)),
                ("area", models.CharField(max_length=60)),
                ("sub_area", models.CharField(max_length=60)),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("individual", "Individual (one paying parent)"),
                            ("group", "Group (two or more paying parents)"),
                        ],
                        max_length=10,
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("open_to_employer", models.BooleanField()),
                ("open_to_agent", models.BooleanField()),
                ("related", models.TextField(blank=True, help_text="One a line", verbose_name="Related procedures")),
                (
                    "working_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="0 is the same day, nothing the same call",
                        null=True,
                        verbose_name="Target in working days",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="kinds", to="employer_contact.plan"
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kinds",
                        to="employer_contact.contactreason",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="deoschedule",
            constraint=models.UniqueConstraint(fields=("employer", "month"), name="schedule_once_a_month"),
        ),
        migrations.AddConstraint(
            model_name="deoschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="schedule_month_is_its_first_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="deoschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivery__in", ["self_service", "paper"])), name="schedule_comes_one_way"
            ),
        ),
        migrations.AddIndex(
            model_name="employernote",
            index=models.Index(
                models.F("employer"),
                models.OrderBy(models.F("at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="note_newest",
            ),
        ),
        migrations.AddConstraint(
            model_name="employernote",
            constraint=models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="note_has_text"),
        ),
        migrations.AddIndex(
            model_name="caseactivity",
            index=models.Index(
                models.F("maintenance_case"),
                models.OrderBy(models.F("happened_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="case_activity_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="caseactivity",
            index=models.Index(
                models.F("maintenance_case"),
                models.OrderBy(models.F("happened_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("kind", "CMSL2040")),
                name="case_activity_cmsl2040",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseactivity",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", ""), _negated=True), name="case_activity_has_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseactivity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount", None), models.Q(("amount__gte", 0), ("kind", "CMSL2040")), _connector="OR"
                ),
                name="case_activity_amount_is_of_a_letter",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseactivity",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_month", None), ("from_month__day", 1), _connector="OR"),
                name="case_activity_month_is_its_first_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="maintenancecase",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__regex", "^[0-9]{1,20}$")), name="maintenance_case_number_is_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="employment",
            constraint=models.UniqueConstraint(fields=("employer", "paying_parent"), name="employment_once"),
        ),
        migrations.AddConstraint(
            model_name="employment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on", None), ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="employment_days_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="agentlink",
            index=models.Index(
                models.F("employer"),
                models.OrderBy(models.F("starts_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="link_employer",
            ),
        ),
        migrations.AddIndex(
            model_name="agentlink",
            index=models.Index(
                models.F("agent"),
                models.OrderBy(models.F("starts_on"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="link_agent",
            ),
        ),
        migrations.AddConstraint(
            model_name="agentlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="link_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="agentlink",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("employer", "="),
                    ("agent", "="),
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
                name="link_once_on_a_day",
                violation_error_message="This agent is linked to the employer on some of these days already",
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="plan_version_once"),
        ),
        migrations.AddIndex(
            model_name="planuse",
            index=models.Index(
                models.F("version"), models.OrderBy(models.F("from_at"), descending=True), name="plan_use_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="planuse",
            constraint=models.UniqueConstraint(fields=("version", "from_at"), name="plan_use_once"),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.UniqueConstraint(fields=("version", "number"), name="plan_step_once"),
        ),
        migrations.AddConstraint(
            model_name="scheduleline",
            constraint=models.UniqueConstraint(fields=("schedule", "paying_parent"), name="schedule_line_once"),
        ),
        migrations.AddConstraint(
            model_name="scheduleline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due__gte", 0), models.Q(("deducted", None), ("deducted__gte", 0), _connector="OR")
                ),
                name="schedule_line_amounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="scheduleline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change", ""), ("effective_on", None)),
                    models.Q(models.Q(("change", ""), _negated=True), ("effective_on__isnull", False)),
                    _connector="OR",
                ),
                name="schedule_line_change_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerequestkind",
            constraint=models.UniqueConstraint(
                fields=("process", "area", "sub_area", "scope"), name="request_kind_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerequestkind",
            constraint=models.CheckConstraint(
                condition=models.Q(("open_to_employer", True), ("open_to_agent", True), _connector="OR"),
                name="request_kind_is_open_to_somebody",
                violation_error_message="Select who may ask for it: the employer, the agent or both",
            ),
        ),
        migrations.RunSQL(STEPS_STAY, NO_STEPS_STAY),
    ]
