from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0012_by_delegation_and_exclusion"),
    ]

    operations = [
        migrations.RenameField(model_name="download", old_name="sieve", new_name="meant"),
        migrations.AlterField(
            model_name="download",
            name="kind",
            field=models.CharField(
                choices=[
                    ("marked", "Your workbook with the cells marked"),
                    ("corrected", "Your workbook with the corrections in it"),
                    ("findings", "The findings as a workbook"),
                    ("changes", "What changed, as a workbook"),
                ],
                max_length=10,
            ),
        ),
    ]
