#pragma once

#include "core/scanner/scanner_port.h"
#include "core/system/descriptor.h"

namespace enroll::scanner {

/// A scanner that works as a keyboard, behind the event device \p node, which is open: grabbed, so that what it types goes
/// nowhere else. Errors as openScanner().
Result<std::unique_ptr<ScannerPort>> openKeyboardScanner(system::Descriptor node,
                                                         const enrollment::OwnScanner& scanner);

} // namespace enroll::scanner
