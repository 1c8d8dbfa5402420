#include "core/station/scan_router.h"

#include "core/station/scan_text.h"
#include "core/station/slot_label.h"

namespace enroll::station {

Result<ScannedCode> ScanRouter::read(std::string_view scan) const
{
    TRY_ASSIGN(auto code, codeIn(scan, m_settings.prefix));
    TRY_ASSIGN(const auto command, m_commands.read(code));
    if (command) {
        return ScannedCode{*command};
    }
    if (const auto slot = slotOfLabel(code)) {
        return ScannedCode{*slot};
    }
    return ScannedCode{SerialCode{std::move(code)}};
}

} // namespace enroll::station
