from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0008_emptied")]

    operations = [
        migrations.AddField(
            model_name="retentionnotice",
            name="told",
            field=models.BooleanField(default=True, verbose_name="reçu par quelqu'un"),
        ),
    ]
