#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace enroll::station {

/// What ends each field of a GS1 barcode but the last: a reader sends FNC1 as it, and a keyboard as Ctrl+].
/// \par Source   GS1 General Specifications 23, 7.8.3 "Processing of data from a GS1 symbology"
inline constexpr char kGroupSeparator = '\x1D';

struct CodeInScan {
    std::string code;
    /// The AIM identifier came in the other case, as a keyboard with Caps Lock on sends it: so did the code.
    bool caseExchanged = false;
    bool operator==(const CodeInScan&) const = default;
};

/// The code in \p scan, which a scanner or a person entered: without the line ends, blanks and group separators around
/// it, without \p prefix, which the station's scanner sends first, and without the AIM identifier before it ("]C1", which
/// many scanners can be set to send). A person types neither.
/// \par Errors   B-613 if a line end, a further prefix or a further AIM identifier within \p scan shows that it holds two
///               codes. Neither is taken: nobody knows which of them is the label of the device in hand. B-620 if a control
///               character, such as a group separator, shows that it holds several fields
/// \par Source   ISO/IEC 15424, "Symbology identifiers": "]", the letter of the symbology, a modifier
Result<CodeInScan> codeIn(std::string_view scan, std::string_view prefix = {});

} // namespace enroll::station
