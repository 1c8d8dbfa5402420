#include "ui/model/catalog_text.h"

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
    const auto& row = describe(code);
    const auto headline = translated(row.headline);
    if (!row.hasSubject()) {
        return headline;
    }
    return headline.arg(subject.isEmpty() ? translated(kUnknownSubject) : subject);
}

QString instructionText(ErrorCode code)
{
    return translated(describe(code).instruction);
}

} // namespace enroll::ui
