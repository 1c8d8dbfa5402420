#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace enroll::station {

/// The code in \p scan, which a scanner or a person entered: without the line ends and blanks around it, without
/// \p prefix, which the station's scanner sends first, and without the AIM identifier before it ("]C1", which many
/// scanners can be set to send). A person types neither.
/// \par Errors   B-613 if a line end, a further prefix or a further AIM identifier within \p scan shows that it holds two
///               codes. Neither is taken: nobody knows which of them is the label of the device in hand.
/// \par Source   ISO/IEC 15424, "Symbology identifiers": "]", the letter of the symbology, a modifier
Result<std::string> codeIn(std::string_view scan, std::string_view prefix = {});

} // namespace enroll::station
