#include "ui/model/catalog_text.h"

#include <QCoreApplication>

namespace enroll::ui {
namespace {

QString translated(std::string_view english)
{
    return QCoreApplication::translate("ErrorCatalog", std::string(english).c_str());
}

} // namespace

QString codeText(ErrorCode code)
{
    const auto text = describe(code).text;
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

QString headlineText(ErrorCode code, const QString& subject)
{
    return translated(describe(code).headline).replace(QLatin1String("{}"), subject);
}

QString instructionText(ErrorCode code)
{
    return translated(describe(code).instruction);
}

} // namespace enroll::ui
