// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

// POSIX-only.
namespace hilum::inline HILUM_ABI::detail {

/// A file descriptor that lines are appended to.
class AppendFile {
public:
    /// Borrows a descriptor.
    explicit AppendFile(int descriptor) noexcept : descriptor_(descriptor) {}

    /// Creates the file with mode 0600, or appends to it; never follows a link at its end and takes
    /// nothing but a regular file. The reason it can't is in `why`.
    AppendFile(std::string const& path, std::error_code& why) noexcept
        : descriptor_(::open(
              path.c_str(),
              O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
              S_IRUSR | S_IWUSR
          )),
          owned_(true) {
        struct stat info {};

        if (descriptor_ < 0 || ::fstat(descriptor_, &info) != 0)
            why.assign(errno, std::generic_category());
        else if (!S_ISREG(info.st_mode))
            why = std::make_error_code(std::errc::invalid_argument);
    }

    AppendFile(AppendFile&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)),
          owned_(std::exchange(other.owned_, false)) {}

    AppendFile& operator=(AppendFile&&) = delete;

    ~AppendFile() {
        if (owned_ && descriptor_ >= 0)
            ::close(descriptor_);
    }

    /// The whole text, or false.
    bool write(std::string_view text) noexcept {
        while (!text.empty()) {
            auto const n = ::write(descriptor_, text.data(), text.size());
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                return false;
            text.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }

private:
    int descriptor_;
    bool owned_ = false;
};

} // namespace hilum::inline HILUM_ABI::detail
