

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('national', '0005_disclosure'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='publishedvalue',
            name='published_value_entered_once',
        ),
        migrations.AddConstraint(
            model_name='publishedvalue',
            constraint=models.UniqueConstraint(fields=('series', 'stated_date', 'value', 'qualifier', 'source', 'vintage', 'verified'), name='published_value_entered_once', nulls_distinct=False),
        ),
    ]
