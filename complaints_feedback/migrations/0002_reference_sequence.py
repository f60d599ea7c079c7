from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("complaints_feedback", "0001_feedback_forms")]

    operations = [
        migrations.RunSQL("create sequence reference_cff", "drop sequence reference_cff"),
        migrations.RunSQL(
            "create trigger changed before insert or update on complaints_feedback_feedbackform"
            " for each row execute function set_changed_at()",
            "drop trigger changed on complaints_feedback_feedbackform",
        ),
    ]
