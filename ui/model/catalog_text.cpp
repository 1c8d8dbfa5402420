#include "ui/model/catalog_text.h"

#include "core/base/text.h"

#include <QCoreApplication>

namespace enroll::ui {
namespace {

/// The translation of a text of the catalog. Such a text is always a literal, so that a NUL follows it.
QString translated(std::string_view english)
{
    return QCoreApplication::translate("ErrorCatalog", english.data());
}

} // namespace

QString codeText(ErrorCode code)
{
    const auto text = describe(code).text;
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

QString headlineText(ErrorCode code, const QString& subject)
{
    auto headline = translated(describe(code).headline);
    const QLatin1String mark(kSubjectMark.data(), static_cast<qsizetype>(kSubjectMark.size()));
    return headline.replace(mark, subject.isEmpty() ? translated(kUnknownSubject) : subject);
}

QString documentText(const std::string& text)
{
    return QString::fromStdString(printableText(text));
}

QString instructionText(ErrorCode code)
{
    return translated(describe(code).instruction);
}

QString instructionText(ErrorCode code, Outcome outcome)
{
    return translated(instructionFor(code, outcome).text);
}

} // namespace enroll::ui
