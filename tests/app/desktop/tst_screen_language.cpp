#include "app/desktop/screen_language.h"
#include "core/base/hold_code.h"
#include "tests/support/pseudo_language.h"
#include "ui/model/catalog_text.h"
#include "ui/shell/app_bar.h"

#include <QApplication>
#include <QFile>
#include <QProcess>
#include <QResource>
#include <QTemporaryDir>
#include <QTest>

using namespace enroll;
using app::desktop::productName;
using app::desktop::ScreenLanguage;

namespace {

const QString kEnglish = QStringLiteral("Enrollment Station");

/// The pseudo-language, packed as the product's own translations are.
QString resourceIn(const QTemporaryDir& directory)
{
    const test::PseudoLanguage language(directory.path());
    QFile list(directory.filePath(QStringLiteral("translations.qrc")));
    if (language.texts().empty() || !list.open(QIODevice::WriteOnly)) {
        return {};
    }
    list.write("<RCC><qresource prefix=\"/translations\"><file>enroll-station_pl.qm</file></qresource></RCC>");
    list.close();
    const auto packed = directory.filePath(QStringLiteral("translations.rcc"));
    const auto ended = QProcess::execute(QStringLiteral("/usr/lib/qt6/libexec/rcc"),
                                         {QStringLiteral("-binary"), list.fileName(), QStringLiteral("-o"), packed});
    return ended == 0 ? packed : QString();
}

} // namespace

class ScreenLanguageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_directory.isValid());
        m_resource = resourceIn(m_directory);
        QVERIFY(!m_resource.isEmpty());
        QVERIFY(QResource::registerResource(m_resource));
    }
    void cleanupTestCase() { QVERIFY(QResource::unregisterResource(m_resource)); }

    void theConfiguredLanguageIsShown()
    {
        const ScreenLanguage language("pl");
        QVERIFY(language.translated());
        QCOMPARE(productName(), test::pseudo(kEnglish));
        QCOMPARE(QLocale().language(), QLocale::Polish);
    }

    void aCountrysNameChangesNothing()
    {
        const ScreenLanguage language("pl_PL");
        QCOMPARE(productName(), test::pseudo(kEnglish));
    }

    void itEndsWithItsObject()
    {
        const auto before = QLocale();
        {
            const ScreenLanguage language("pl");
        }
        QCOMPARE(productName(), kEnglish);
        QCOMPARE(QLocale(), before);
    }

    void whatNobodyTranslatedStaysEnglish_data()
    {
        QTest::addColumn<QString>("locale");
        for (const auto* locale : {"de", "en", "en_US", "C", "tlh", "xx_YY", "-", "pll"}) {
            QTest::newRow(locale) << QString::fromLatin1(locale);
        }
    }
    void whatNobodyTranslatedStaysEnglish()
    {
        QFETCH(QString, locale);
        const ScreenLanguage language(locale.toStdString());
        QVERIFY(!language.translated());
        QCOMPARE(productName(), kEnglish);
    }

    void theSystemsLanguagesAreTriedInTheirOrder_data()
    {
        QTest::addColumn<QByteArray>("languages");
        QTest::addColumn<bool>("translated");
        QTest::newRow("the first") << QByteArray("pl") << true;
        QTest::newRow("the second") << QByteArray("de:pl") << true;
        QTest::newRow("English before it") << QByteArray("en:pl") << false;
    }
    void theSystemsLanguagesAreTriedInTheirOrder()
    {
        QFETCH(QByteArray, languages);
        QFETCH(bool, translated);
        // Read by Qt once, at the start of a program.
        QProcess program;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("de_DE.UTF-8"));
        environment.insert(QStringLiteral("LANGUAGE"), QString::fromLatin1(languages));
        program.setProcessEnvironment(environment);
        program.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--say-product"), m_resource});
        QVERIFY(program.waitForFinished());
        QCOMPARE(QString::fromUtf8(program.readAllStandardOutput()), translated ? test::pseudo(kEnglish) : kEnglish);
    }

    void eachNumberHasItsPluralForm_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<QChar>("form");
        QTest::newRow("1") << 1 << QChar(0x00B9);
        QTest::newRow("2") << 2 << QChar(0x00B2);
        QTest::newRow("5") << 5 << QChar(0x00B3);
        QTest::newRow("22") << 22 << QChar(0x00B2);
    }
    void eachNumberHasItsPluralForm()
    {
        QFETCH(int, number);
        QFETCH(QChar, form);
        const ScreenLanguage language("pl");
        const auto text = ui::AppBar::tr("%n queued", "records", number);
        QCOMPARE(text, QString(form + test::pseudo(QStringLiteral("%1 queued").arg(number))));
    }

    void aHeadlineNamesItsSubjectInEveryLanguage()
    {
        const auto headline = [](const QString& subject) {
            return ui::headlineText(HoldCode::EkEnrolledElsewhere, subject);
        };
        const auto percent = QStringLiteral("GX-%1%2");
        QCOMPARE(headline(percent), QStringLiteral("This TPM is already enrolled as GX-%1%2."));
        const ScreenLanguage language("pl");
        QCOMPARE(
            headline(percent),
            test::pseudo(QStringLiteral("This TPM is already enrolled as %1.")).replace(QLatin1String("%1"), percent));
        QVERIFY(headline({}).contains(test::pseudo(QStringLiteral("another device"))));
    }

private:
    QTemporaryDir m_directory;
    QString m_resource;
};

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const auto arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QLatin1String("--say-product")) {
        QResource::registerResource(arguments.value(2));
        const ScreenLanguage language({});
        std::fputs(qUtf8Printable(productName()), stdout);
        return 0;
    }
    ScreenLanguageTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_screen_language.moc"
