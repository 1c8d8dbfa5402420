#include "tests/support/pseudo_language.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTest>
#include <QXmlStreamReader>
#include <QXmlStreamWriter>

namespace enroll::test {
namespace {

constexpr int kPatience = 60'000;

/// What the program said on standard error; nothing if it did not end well.
std::optional<QString> run(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    const auto ended = process.waitForFinished(kPatience) && process.exitStatus() == QProcess::NormalExit;
    const auto said = QString::fromUtf8(process.readAllStandardError());
    if (!ended || process.exitCode() != 0) {
        QTest::qFail(qPrintable(program + QLatin1String(" (package qt6-l10n-tools): ") + process.errorString() + said),
                     __FILE__, __LINE__);
        return std::nullopt;
    }
    return said;
}

SourceText readMessage(QXmlStreamReader& xml, const QString& context)
{
    SourceText text{context, {}, {}, xml.attributes().value(QLatin1String("numerus")) == QLatin1String("yes")};
    while (xml.readNextStartElement()) {
        if (xml.name() == QLatin1String("source")) {
            text.source = xml.readElementText();
        } else if (xml.name() == QLatin1String("comment")) {
            text.comment = xml.readElementText();
        } else {
            xml.skipCurrentElement();
        }
    }
    return text;
}

std::vector<SourceText> readTexts(const QString& file)
{
    QFile device(file);
    if (!device.open(QIODevice::ReadOnly)) {
        return {};
    }
    std::vector<SourceText> texts;
    QString context;
    QXmlStreamReader xml(&device);
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement) {
            continue;
        }
        if (xml.name() == QLatin1String("name")) {
            context = xml.readElementText();
        } else if (xml.name() == QLatin1String("message")) {
            texts.push_back(readMessage(xml, context));
        }
    }
    return texts;
}

void writeMessage(QXmlStreamWriter& xml, const SourceText& text)
{
    xml.writeStartElement(QStringLiteral("message"));
    if (text.plural) {
        xml.writeAttribute(QStringLiteral("numerus"), QStringLiteral("yes"));
    }
    xml.writeTextElement(QStringLiteral("source"), text.source);
    if (!text.comment.isEmpty()) {
        xml.writeTextElement(QStringLiteral("comment"), text.comment);
    }
    xml.writeStartElement(QStringLiteral("translation"));
    if (text.plural) {
        for (const auto form : {QChar(0x00B9), QChar(0x00B2), QChar(0x00B3)}) {
            xml.writeTextElement(QStringLiteral("numerusform"), QString(form + pseudo(text.source)));
        }
    } else {
        xml.writeCharacters(pseudo(text.source));
    }
    xml.writeEndElement();
    xml.writeEndElement();
}

bool writeTranslations(const QString& file, const std::vector<SourceText>& texts)
{
    QFile device(file);
    if (!device.open(QIODevice::WriteOnly | QIODevice::Truncate)) {
        return false;
    }
    QXmlStreamWriter xml(&device);
    xml.writeStartDocument();
    xml.writeDTD(QStringLiteral("<!DOCTYPE TS>"));
    xml.writeStartElement(QStringLiteral("TS"));
    xml.writeAttribute(QStringLiteral("version"), QStringLiteral("2.1"));
    xml.writeAttribute(QStringLiteral("language"), QStringLiteral("pl"));
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i == 0 || texts[i].context != texts[i - 1].context) {
            xml.writeStartElement(QStringLiteral("context"));
            xml.writeTextElement(QStringLiteral("name"), texts[i].context);
        }
        writeMessage(xml, texts[i]);
        if (i + 1 == texts.size() || texts[i].context != texts[i + 1].context) {
            xml.writeEndElement();
        }
    }
    xml.writeEndDocument();
    return !xml.hasError();
}

} // namespace

QString pseudo(const QString& english)
{
    static const auto kSmall = QStringLiteral("áƀćđéƒğĥíĵķĺɱńóƥɋŕśťúʋŵχýž");
    static const auto kCapital = QStringLiteral("ÁƁĆĐÉƑĞĤÍĴĶĹϺŃÓƤɊŔŚŤÚƲŴΧÝŽ");
    QString text;
    for (qsizetype i = 0; i < english.size(); ++i) {
        const auto letter = english[i].unicode();
        const auto mark = i > 0 && english[i - 1] == QLatin1Char('%'); // the n of %n
        if (!mark && letter >= 'a' && letter <= 'z') {
            text += kSmall[letter - 'a'];
        } else if (!mark && letter >= 'A' && letter <= 'Z') {
            text += kCapital[letter - 'A'];
        } else {
            text += english[i];
        }
    }
    return QChar(0x2039) + text + QChar(0x203A);
}

PseudoLanguage::PseudoLanguage(const QString& directory)
    : m_file(QDir(directory).filePath(QStringLiteral("enroll-station_pl.qm")))
{
    const auto sources = QDir(directory).filePath(QStringLiteral("enroll-station_pl.ts"));
    const auto said = run(QStringLiteral(ENROLL_SOURCE_DIR "/resources/translations/extract"), {sources});
    if (!said) {
        return;
    }
    m_complaints = *said;
    auto texts = readTexts(sources);
    if (writeTranslations(sources, texts) && run(QStringLiteral("/usr/lib/qt6/bin/lrelease"),
                                                 {QStringLiteral("-silent"), sources, QStringLiteral("-qm"), m_file})) {
        m_texts = std::move(texts);
    }
}

QString RecordingTranslator::translate(const char* context, const char* source, const char* comment, int n) const
{
    auto text = QTranslator::translate(context, source, comment, n);
    const Key key{QString::fromUtf8(context), QString::fromUtf8(source), QString::fromUtf8(comment)};
    const QMutexLocker lock(&m_mutex);
    m_asked.insert(key);
    if (text.isEmpty()) {
        m_unknown.insert(key);
    }
    return text;
}

bool RecordingTranslator::wasAskedFor(const SourceText& text) const
{
    const QMutexLocker lock(&m_mutex);
    return m_asked.contains({text.context, text.source, text.comment});
}

QStringList RecordingTranslator::unknown() const
{
    const QMutexLocker lock(&m_mutex);
    QStringList texts;
    for (const auto& [context, source, comment] : m_unknown) {
        if (!context.startsWith(QLatin1Char('Q'))) {
            texts << QString(context + QLatin1String(": ") + source);
        }
    }
    return texts;
}

} // namespace enroll::test
