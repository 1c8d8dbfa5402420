#include "core/base/error_code.h"
#include "tests/app/desktop/language_scenes.h"
#include "tests/support/pseudo_language.h"
#include "tests/support/screen_texts.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QLabel>
#include <QPainter>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QVBoxLayout>

#include <algorithm>

using namespace enroll;
using test::Eyes;

namespace {

/// A widget with one text for each way to show one, none of them translated.
class Careless final : public QWidget {
public:
    Careless()
    {
        auto* column = new QVBoxLayout(this);
        auto* label = new QLabel(QStringLiteral("labelled"));
        label->setToolTip(QStringLiteral("tipped"));
        column->addWidget(label);
        setAccessibleName(QStringLiteral("named"));
        setWindowTitle(QStringLiteral("titled"));
        resize(400, 300);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.drawText(rect(), Qt::AlignTop | Qt::TextWordWrap, QStringLiteral("painted"));
        // The right text, asked for under a context that no translator knows.
        painter.drawText(10, 200, QCoreApplication::translate("Nowhere", "Scan or type a serial."));
    }
};

QString said(const QStringList& lines)
{
    return lines.join(QLatin1Char('\n'));
}

/// The literals of a source that look like something to be read: two words, or one with a capital. Comments, what is
/// included, and what only programmers read (assertions) are left out; adjacent literals are one.
QStringList readableLiterals(QString source)
{
    static const QRegularExpression notText(
        QStringLiteral("//[^\\n]*|#[^\\n]*|(ENROLL_ASSERT|makeError|cannotSave|configurationError)\\([^;]*;"));
    static const QRegularExpression joint(QStringLiteral("\"\\s*\\n\\s*\""));
    static const QRegularExpression literal(QStringLiteral("\"((?:\\\\.|[^\"\\\\\\n])*)\""));
    static const QRegularExpression readable(QStringLiteral("[A-Za-z]{2,}[,.:;]? +[A-Za-z]{2,}|^[A-Z][A-Za-z]{2,}"));
    source.remove(notText);
    source.remove(joint);
    QStringList found;
    for (auto matches = literal.globalMatch(source); matches.hasNext();) {
        const auto text = matches.next().captured(1);
        if (text.contains(readable)) {
            found << QString(text).replace(QLatin1String("\\n"), QLatin1String("\n"));
        }
    }
    return found;
}

QString contentOf(const QString& file)
{
    QFile device(file);
    return device.open(QIODevice::ReadOnly) ? QString::fromUtf8(device.readAll()) : QString();
}

} // namespace

class EveryTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_directory.isValid());
        m_language = std::make_unique<test::PseudoLanguage>(m_directory.path());
        QVERIFY(!m_language->texts().empty());
        QVERIFY(m_translator.load(m_language->file()));
        QVERIFY(QCoreApplication::installTranslator(&m_translator));
    }

    void everyTextHasAContext() { QVERIFY2(m_language->complaints().isEmpty(), qPrintable(m_language->complaints())); }

    void everyTextOfTheCatalogIsFound()
    {
        for (const auto& row : allCodes()) {
            for (const auto part : {row.headline, row.instruction}) {
                const auto text = QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size()));
                QVERIFY2(finds(QStringLiteral("ErrorCatalog"), text), part.data());
            }
        }
    }

    void everythingThatIsCountedHasPluralForms()
    {
        for (const auto& text : m_language->texts()) {
            QVERIFY2(!text.source.contains(QLatin1String("%n")) || text.plural, qPrintable(text.source));
            QVERIFY2(!text.source.contains(QLatin1String("(s)")), qPrintable(text.source));
        }
    }

    void aCarelessWidgetIsSeenThrough()
    {
        Careless widget;
        const auto found = test::untranslated(test::visibleTexts(widget));
        for (const auto* fault : {"labelled", "tipped", "named", "titled", "painted", "Scan or type a serial."}) {
            QVERIFY2(found.contains(QLatin1String(fault)), fault);
        }
        QVERIFY(m_translator.unknown().contains(QLatin1String("Nowhere: Scan or type a serial.")));
    }

    void aCarelessSourceIsSeenThrough()
    {
        const auto source = QStringLiteral("setText(QStringLiteral(\"Call\\n the doctor\")); // \"Not this one\"\n"
                                           "f(\"two \"\n  \"words\"); ENROLL_ASSERT(x, \"nor that one\");");
        QCOMPARE(readableLiterals(source),
                 (QStringList{QStringLiteral("Call\n the doctor"), QStringLiteral("two words")}));
    }

    void nothingStaysUntranslated_data()
    {
        QTest::addColumn<int>("scene");
        for (int i = 0; i < static_cast<int>(m_scenes.size()); ++i) {
            QTest::newRow(m_scenes[static_cast<std::size_t>(i)].name) << i;
        }
    }
    void nothingStaysUntranslated()
    {
        QFETCH(int, scene);
        const auto& faults = eyesOn(static_cast<std::size_t>(scene)).faults();
        QVERIFY2(faults.isEmpty(), qPrintable(said(faults)));
    }

    /// Together with what lupdate finds: each text is found, asked for under the context it is found in, and shown by
    /// one of the scenes. A new state of a screen needs its scene.
    void everyTextIsShownBySomeScene()
    {
        for (std::size_t i = 0; i < m_scenes.size(); ++i) {
            eyesOn(i);
        }
        QStringList unseen;
        for (const auto& text : m_language->texts()) {
            if (!m_translator.wasAskedFor(text)) {
                unseen << QString(text.context + QLatin1String(": ") + text.source);
            }
        }
        QVERIFY2(unseen.isEmpty(), qPrintable(said(unseen)));
        auto unknown = m_translator.unknown();
        unknown.removeIf([](const QString& text) { return text.startsWith(QLatin1String("Nowhere: ")); });
        QVERIFY2(unknown.isEmpty(), qPrintable(said(unknown)));
    }

    void noSourceHoldsAReadableTextThatLupdateDoesNotFind()
    {
        // Names that no language changes: fonts, Qt's style, the application's own for the system.
        const QStringList names{QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("Noto Sans Mono"),
                                QStringLiteral("DejaVu Sans Mono"), QStringLiteral("Fusion")};
        // What the command line says is English.
        const QStringList commandLine{QStringLiteral("station_options.cpp"), QStringLiteral("card_printing.cpp")};
        QStringList found;
        for (const auto* folder : {"/ui", "/app/desktop"}) {
            QDirIterator files(QStringLiteral(ENROLL_SOURCE_DIR) + QLatin1String(folder),
                               {QStringLiteral("*.cpp"), QStringLiteral("*.h")}, QDir::Files,
                               QDirIterator::Subdirectories);
            while (files.hasNext()) {
                const auto file = files.next();
                if (commandLine.contains(QFileInfo(file).fileName())) {
                    continue;
                }
                for (const auto& text : readableLiterals(contentOf(file))) {
                    if (!names.contains(text) && !findsAnywhere(text)) {
                        found << QString(file + QLatin1String(": ") + text);
                    }
                }
            }
        }
        QVERIFY2(found.isEmpty(), qPrintable(said(found)));
    }

private:
    [[nodiscard]] bool finds(const QString& context, const QString& source) const
    {
        return std::ranges::any_of(m_language->texts(), [&](const test::SourceText& text) {
            return text.context == context && text.source == source;
        });
    }
    [[nodiscard]] bool findsAnywhere(const QString& text) const
    {
        return std::ranges::any_of(m_language->texts(), [&](const test::SourceText& each) {
            return each.source == text || each.comment == text || each.context == text;
        });
    }

    /// Shows a scene once, however many tests ask for it.
    const Eyes& eyesOn(std::size_t scene)
    {
        auto& eyes = m_eyes[scene];
        if (!eyes) {
            eyes.emplace();
            m_scenes[scene].show(*eyes);
        }
        return *eyes;
    }

    const std::span<const test::LanguageScene> m_scenes = test::languageScenes();
    std::map<std::size_t, std::optional<Eyes>> m_eyes;
    QTemporaryDir m_directory;
    std::unique_ptr<test::PseudoLanguage> m_language;
    test::RecordingTranslator m_translator;
};

QTEST_MAIN(EveryTextTest)
#include "tst_every_text.moc"
