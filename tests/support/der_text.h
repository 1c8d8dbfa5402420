#pragma once

#include "core/base/bytes.h"

/// Values of extensions as OpenSSL's configuration has them behind "DER:", in hexadecimal.
namespace enroll::test {

/// One element of at most 127 bytes; \p tag and \p content in hexadecimal.
inline std::string derElement(const char* tag, const std::string& content)
{
    return tag + toHex(ByteWriter{}.u8(static_cast<std::uint8_t>(content.size() / 2)).view()) + content;
}

inline std::string derText(const std::string& text)
{
    return derElement("0c", toHex(asBytes(text)));
}

/// A name of one part.
inline std::string derCommonName(const std::string& name)
{
    return derElement("30", derElement("31", derElement("30", "0603550403" + derText(name))));
}

} // namespace enroll::test
