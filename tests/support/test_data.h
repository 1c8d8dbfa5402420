#pragma once

#include "core/base/bytes.h"

#include <QFile>
#include <QString>

namespace enroll::test {

/// The bytes of a file below tests/data. Empty, which every test notices, if it cannot be read.
inline Bytes testData(const char* name)
{
    QFile file{QStringLiteral(ENROLL_TEST_DATA "/") + QString::fromLatin1(name)};
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    const auto content = file.readAll();
    return toBytes(std::as_bytes(std::span{content.constData(), static_cast<std::size_t>(content.size())}));
}

/// Bytes from hexadecimal, for vectors that stand in the test's source.
inline Bytes hex(std::string_view digits)
{
    return fromHex(digits).value();
}

} // namespace enroll::test
