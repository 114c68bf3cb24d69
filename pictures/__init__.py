"""Pictures: conversion of uploads in a process of its own, and the store of the results. The only
package that imports Pillow and obstore."""
