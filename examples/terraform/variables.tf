# SPDX-License-Identifier: Apache-2.0
variable "architecture" {
  description = "Of the functions and their layers"
  type        = string
  default     = "arm64"
  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "The architecture is arm64 or x86_64."
  }
}

variable "dist" {
  description = "The folder with the zips of the layers"
  type        = string
  default     = "../../dist"
  validation {
    condition     = length(fileset(var.dist, "shellstrap-[0-9]*-${var.architecture}.zip")) == 1
    error_message = "There should be one shellstrap-VERSION-${var.architecture}.zip in that folder; ./scripts/build-layer bootstrap --arch ${var.architecture} makes one."
  }
}

variable "prefix" {
  description = "What the names of everything begin with"
  type        = string
  default     = "shellstrap-"
}
