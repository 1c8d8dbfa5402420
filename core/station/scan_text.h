#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace enroll::station {

/// The code in \p scan, which a scanner or a person entered: without the line ends and blanks around it and without the
/// AIM identifier before it ("]C1", which many scanners can be set to send).
/// \par Errors   B-613 if a line end or a further AIM identifier within \p scan shows that it holds two codes. Neither is
///               taken: nobody knows which of them is the label of the device in hand.
/// \par Source   ISO/IEC 15424, "Symbology identifiers": "]", the letter of the symbology, a modifier
Result<std::string> codeIn(std::string_view scan);

} // namespace enroll::station
