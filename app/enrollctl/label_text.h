#pragma once

#include <string>

namespace enroll::app::enrollctl {

/// What is wrong with the name of a batch or an operator; empty if it is 1 to 64 printable characters in UTF-8.
std::string labelFault(const std::string& text);

} // namespace enroll::app::enrollctl
