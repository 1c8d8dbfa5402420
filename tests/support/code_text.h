#pragma once

#include "core/base/error_code.h"

#include <QString>

namespace enroll::test {

/// A code as a column of test data: its text, which also names the row.
inline QString textOf(ErrorCode code)
{
    const auto text = describe(code).text;
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

inline ErrorCode codeNamed(const QString& text)
{
    return errorCodeFromText(text.toStdString()).value();
}

} // namespace enroll::test
